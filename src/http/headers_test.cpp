#include "http/headers.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace enamel::http {
namespace {

TEST(Headers, NamesCompareWithoutCase) {
  Headers headers{{"Content-Type", "a"}, {"X-Tag", "1"}};
  headers.add("x-tag", "2");
  EXPECT_EQ(*headers.find("content-type"), "a");
  EXPECT_EQ(*headers.find("X-TAG"), "1");
  EXPECT_EQ(headers.count("X-Tag"), 2U);
  headers.set("X-tag", "3");
  EXPECT_EQ(headers.count("X-Tag"), 1U);
  EXPECT_EQ(*headers.find("X-Tag"), "3");
  headers.remove("CONTENT-TYPE");
  EXPECT_FALSE(headers.contains("Content-Type"));
}

TEST(Headers, AValueCannotSmuggleAField) {
  Headers headers;
  EXPECT_THROW(headers.add("X", "a\r\nSet-Cookie: b"), Error);
  EXPECT_THROW(headers.add("X", "a\nb"), Error);
  EXPECT_THROW(headers.add("X", std::string("a\0b", 3)), Error);
  EXPECT_THROW(headers.add("X\r\nY", "a"), Error);
  EXPECT_THROW(headers.add("X Y", "a"), Error);
  EXPECT_THROW(headers.add("", "a"), Error);
  EXPECT_THROW(headers.set("X", "a\rb"), Error);
  EXPECT_TRUE(headers.fields().empty());
  headers.add("X", "a\tb \xc3\xb6");
  EXPECT_EQ(headers.fields().size(), 1U);
}

}  // namespace
}  // namespace enamel::http
