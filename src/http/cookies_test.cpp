#include "http/cookies.h"

#include <gtest/gtest.h>

#include "http/request.h"

namespace enamel::http {
namespace {

using Cookies = std::vector<Cookie>;

TEST(Cookies, AreReadInOrder) {
  EXPECT_EQ(parseCookies("a=1; b=2;c=3"), (Cookies{{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(parseCookies("a=x=y; a=z"), (Cookies{{"a", "x=y"}, {"a", "z"}}));
  EXPECT_EQ(parseCookies("quoted=\"v\"; empty="), (Cookies{{"quoted", "v"}, {"empty", ""}}));
}

TEST(Cookies, WhatIsNoneIsLeftOutAndHarmsNoOther) {
  EXPECT_EQ(parseCookies("bare; =x; a b=1; ok=1; v=a b; w=\"; u=a,b"), (Cookies{{"ok", "1"}}));
  EXPECT_EQ(parseCookies(""), Cookies{});
  EXPECT_EQ(parseCookies(";;; ;"), Cookies{});
}

TEST(Cookies, OfSeveralFieldsAreOfOneRequest) {
  Request request;
  request.headers.add("Cookie", "a=1");
  request.headers.add("cookie", "b=2");
  EXPECT_EQ(request.cookies(), (Cookies{{"a", "1"}, {"b", "2"}}));
}

}  // namespace
}  // namespace enamel::http
