#include "http/target.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace enamel::http {
namespace {

using Segments = std::vector<std::string>;

TEST(Target, IsDecodedOnceBetweenItsSlashes) {
  EXPECT_EQ(parseTarget("/")->segments, Segments{});
  EXPECT_EQ(parseTarget("/api/v1")->segments, (Segments{"api", "v1"}));
  EXPECT_EQ(parseTarget("/a%20b/c+d/%2525")->segments, (Segments{"a b", "c+d", "%25"}));
  EXPECT_EQ(parseTarget("/a%20b/%c3%B6")->path(), "/a b/\xc3\xb6");
  EXPECT_EQ(parseTarget("/")->path(), "/");
}

TEST(Target, ASlashAtTheEndIsKept) {
  EXPECT_EQ(parseTarget("/data/")->segments, (Segments{"data", ""}));
  EXPECT_EQ(parseTarget("/data/")->path(), "/data/");
}

TEST(Target, WhatTwoReadersMightUnderstandDifferentlyIsNone) {
  for (const char* text :
       {"",      "*",       "a",       "http://host/a", "//host/a", "host:80", "/a//b",  "/a//",      "//",
        "/..",   "/a/../b", "/.",      "/%2e%2e/x",     "/a/%2E",   "/a/.%2e", "/a%2fb", "/a%2Fb",    "/a%00",
        "/a%",   "/a%2",    "/a%zz",   "/a%2 0",        "/a b",     "/a#b",    "/\x7f",  "/\xc3\xb6", "/a\tb",
        "/?a=%", "/?a=%0",  "/?%00=x", "/?a=b#c",       "?a=b"})
    EXPECT_FALSE(parseTarget(text)) << text;
}

TEST(Target, DotsThatAreNoDotSegmentsAreNames) {
  EXPECT_EQ(parseTarget("/.../..a/.hidden")->segments, (Segments{"...", "..a", ".hidden"}));
}

TEST(Query, KeepsDuplicatesInOrder) {
  const auto target = parseTarget("/x?tag=a&n=1&tag=b%26c&empty=&bare&&tag=d+e&=v");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->query.all("tag"), (std::vector<std::string>{"a", "b&c", "d e"}));
  EXPECT_EQ(*target->query.find("n"), "1");
  EXPECT_EQ(*target->query.find("empty"), "");
  EXPECT_EQ(*target->query.find("bare"), "");
  EXPECT_EQ(*target->query.find(""), "v");
  EXPECT_EQ(target->query.find("none"), nullptr);
  EXPECT_EQ(target->query.parameters().size(), 7U);
}

TEST(Query, MayHoldSlashesAndQuestionMarks) {
  EXPECT_EQ(*parseTarget("/x?path=/images/A?&y")->query.find("path"), "/images/A?");
}

RC_GTEST_PROP(Target, WhatIsEncodedIsDecodedToTheSame, (const std::vector<std::string>& names)) {
  std::string text;
  Segments expected;
  for (const std::string& name : names) {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos)
      continue;
    text += "/" + percentEncode(name);
    expected.push_back(name);
  }
  if (text.empty()) text = "/";
  const auto target = parseTarget(text);
  RC_ASSERT(target.has_value());
  RC_ASSERT(target->segments == expected);
}

RC_GTEST_PROP(PercentDecode, UndoesEncoding, (const std::string& text)) {
  RC_ASSERT(percentDecode(percentEncode(text)) == text);
}

}  // namespace
}  // namespace enamel::http
