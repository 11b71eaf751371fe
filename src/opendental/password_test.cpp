#include "opendental/password.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace enamel::opendental {
namespace {

constexpr const char* kSpaceSha3 =
    "J3k3VWdgC8ffI5EhDVNr8aNfrtYZqm+bwUDFSbTbArOodGBxByKJC8S1gRmJwNKO0omhhpjb6DWp8nBMlfm4cA==";

bool matches(const std::string& stored, const std::string& typed) {
  return passwordMatches(parseStoredPassword(stored), asBytes(typed));
}

PasswordKind kind(const std::string& stored) {
  return parseStoredPassword(stored).kind;
}

TEST(PasswordTest, matchesTheKnownValueOfTodaysForm) {
  EXPECT_TRUE(matches(std::string("SHA3_512$$") + kSpaceSha3, " "));
  EXPECT_FALSE(matches(std::string("SHA3_512$$") + kSpaceSha3, "  "));
  EXPECT_FALSE(matches(std::string("SHA3_512$salt$") + kSpaceSha3, " "));
  EXPECT_EQ(formatPassword("", " "), std::string("SHA3_512$$") + kSpaceSha3);
}

// printf 'salt🦷' | iconv -t UTF-16LE | openssl dgst -sha3-512 -binary | base64
TEST(PasswordTest, hashesLettersBeyondTheFirstPlaneAsSurrogates) {
  const std::string stored =
      "SHA3_512$salt$+OVMrRgUBmz10ycsjhobh8nxaHpgr+fTNVj2vPIUvBRMe5mSre7ppwQRJk6hzJUipYFuwZSSiTZ5cufAb7i9MQ="
      "=";
  EXPECT_TRUE(matches(stored, "🦷"));
  EXPECT_FALSE(matches(stored, "\xed\xa0\xbe\xed\xb6\xb7")) << "its surrogates as if they were letters";
}

// printf 'saltpäss' | iconv -t UTF-16LE | openssl md5 -binary | base64
TEST(PasswordTest, matchesMd5WithAndWithoutSalt) {
  EXPECT_EQ(kind("8tS+266af9GALWj2WzWPKg=="), PasswordKind::kMd5);
  EXPECT_TRUE(matches("8tS+266af9GALWj2WzWPKg==", "päss"));
  EXPECT_FALSE(matches("8tS+266af9GALWj2WzWPKg==", "pass"));
  EXPECT_EQ(kind("MD5$salt$TdO+0z6cPuc2lCuK48OYDA=="), PasswordKind::kMd5);
  EXPECT_TRUE(matches("MD5$salt$TdO+0z6cPuc2lCuK48OYDA==", "päss"));
  EXPECT_FALSE(matches("MD5$$TdO+0z6cPuc2lCuK48OYDA==", "päss"));
}

// printf pass | openssl md5
TEST(PasswordTest, matchesMd5OfEClinicalWorks) {
  const std::string stored = "MD5_ECW$$1a1dc91c907325c69271ddf0c944bc72";
  EXPECT_EQ(kind(stored), PasswordKind::kMd5Ecw);
  EXPECT_TRUE(matches(stored, "pass"));
  EXPECT_FALSE(matches(stored, "Pass"));
  EXPECT_TRUE(matches("MD5_ECW$any$1A1DC91C907325C69271DDF0C944BC72", "pass")) << "no salt goes into it";
}

// printf '?' | openssl md5: what .NET's ASCII makes of any letter that is none.
TEST(PasswordTest, aLetterThatIsNotAsciiIsNoQuestionMark) {
  const std::string stored = "MD5_ECW$$d1457b72c3fb323a2671125aef3eab5d";
  EXPECT_TRUE(matches(stored, "?"));
  EXPECT_FALSE(matches(stored, "ü"));
  EXPECT_FALSE(matches("MD5_ECW$$c03410a5204b21cd8229ff754688d743", "ü")) << "nor the bytes of its UTF-8";
}

TEST(PasswordTest, noPasswordIsTold) {
  for (const char* stored : {"", "None$$", "SHA3_512$salt$", "SHA3_512$$", "MD5$$", "MD5_ECW$$"}) {
    EXPECT_EQ(kind(stored), PasswordKind::kNone) << stored;
    EXPECT_FALSE(matches(stored, "")) << stored;
    EXPECT_FALSE(matches(stored, "None$$")) << stored;
  }
}

TEST(PasswordTest, whatDoesNotParseLetsNobodyIn) {
  const std::string hash = kSpaceSha3;
  for (const std::string& stored : {std::string("x"),
                                    std::string(" "),
                                    std::string("None"),
                                    std::string("None$"),
                                    std::string("None$x$y"),
                                    std::string("$"),
                                    std::string("$$"),
                                    std::string("$$$"),
                                    "SHA3_512$" + hash,
                                    "SHA3_512$$" + hash + "$",
                                    "SHA3_512$$a$" + hash,
                                    "sha3_512$$" + hash,
                                    "SHA512$$" + hash,
                                    " SHA3_512$$" + hash,
                                    "SHA3_512$$" + hash + " ",
                                    "SHA3_512$$" + hash.substr(0, 84),
                                    "SHA3_512$$" + hash.substr(0, 87),
                                    "SHA3_512$\xff$" + hash,
                                    "MD5$$" + hash,
                                    std::string("SHA3_512$$8tS+266af9GALWj2WzWPKg=="),
                                    "SHA3_512$" + std::string(2000, 's') + "$" + hash,
                                    std::string("8tS+266af9GALWj2WzWPKg="),
                                    std::string("8tS+266af9GALWj2WzWPKg==="),
                                    std::string("8tS+266af9GALWj2WzWPKh=="),
                                    std::string("8tS+266af9GALWj2WzWP-g=="),
                                    std::string("1a1dc91c907325c69271ddf0c944bc72"),
                                    std::string("MD5_ECW$$1a1dc91c907325c69271ddf0c944bc7"),
                                    std::string("MD5_ECW$$1a1dc91c907325c69271ddf0c944bc7g"),
                                    std::string("SHA3_512\0$$", 11) + hash}) {
    EXPECT_EQ(kind(stored), PasswordKind::kUnreadable) << stored;
    for (const std::string& typed : {std::string(), std::string(" "), stored, std::string("päss"), hash}) {
      EXPECT_FALSE(matches(stored, typed)) << stored;
    }
  }
}

TEST(PasswordTest, whatNobodyCanHaveTypedIsNoMatch) {
  const auto today = [](const std::string& password) { return formatPassword("salt", password); };
  EXPECT_FALSE(matches(today(""), ""));
  EXPECT_FALSE(matches(today("\xff"), "\xff"));
  EXPECT_FALSE(matches(today("\xef\xbf\xbd"), "\xff")) << "U+FFFD is not a wild card";
  EXPECT_TRUE(matches(today(std::string(1024, 'x')), std::string(1024, 'x')));
  EXPECT_FALSE(matches(today(std::string(1025, 'x')), std::string(1025, 'x')));
}

// A password matches its own stored form, and no other password's.
RC_GTEST_PROP(PasswordLaw, matchesItselfOnly, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::inRange(' ', '\x7f'));
  const std::string password = *rc::gen::nonEmpty(letters);
  const std::string other = *letters;
  std::string salt = *letters;
  std::erase(salt, '$');
  RC_ASSERT(matches(formatPassword(salt, password), password));
  RC_ASSERT(matches(formatPassword(salt, password), other) == (password == other));
}

}  // namespace
}  // namespace enamel::opendental
