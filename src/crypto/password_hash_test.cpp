#include "crypto/password_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/error.h"

namespace enamel::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string cheap(const std::string& password) {
  return hashPassword(asBytes(password), PasswordCost::cheap());
}
bool verifies(const std::string& stored, const std::string& password) {
  return verifyPassword(stored, asBytes(password));
}

TEST(PasswordHashTest, theDefaultCostIsTheOneThatTheHeaderNames) {
  const std::string stored = hashPassword(asBytes("open sesame"));
  EXPECT_THAT(stored, StartsWith("$argon2id$v=19$m=65536,t=3,p=1$"));
  EXPECT_THAT(stored, Not(HasSubstr("sesame")));
  EXPECT_TRUE(verifies(stored, "open sesame"));
  EXPECT_FALSE(verifies(stored, "open sesam"));
  EXPECT_FALSE(needsRehash(stored));
}

// From the tests of the reference implementation (P-H-C/phc-winner-argon2, src/test.c).
TEST(PasswordHashTest, takesWhatOtherImplementationsMade) {
  const std::string stored =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  EXPECT_TRUE(verifies(stored, "password"));
  EXPECT_FALSE(verifies(stored, "Password"));
}

TEST(PasswordHashTest, saltsEachHash) {
  EXPECT_NE(cheap("x"), cheap("x"));
}

TEST(PasswordHashTest, asksForARehashWhereTheCostIsAnother) {
  const std::string stored = cheap("x");
  EXPECT_FALSE(needsRehash(stored, PasswordCost::cheap()));
  EXPECT_TRUE(needsRehash(stored));
  EXPECT_TRUE(needsRehash(stored, {.passes = 2, .memory_bytes = 8192}));
  EXPECT_TRUE(needsRehash(stored, {.passes = 1, .memory_bytes = 16384}));
  EXPECT_TRUE(needsRehash("", PasswordCost::cheap()));
  EXPECT_TRUE(needsRehash(stored.substr(0, 40), PasswordCost::cheap()));
}

TEST(PasswordHashTest, refusesPasswordsThatAreNone) {
  const auto code = [](const std::string& password) {
    try {
      cheap(password);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code(""), ErrorCode::kUsage);
  EXPECT_EQ(code(std::string(kPasswordBytesMax + 1, 'x')), ErrorCode::kUsage);
  const std::string longest(kPasswordBytesMax, 'x');
  EXPECT_TRUE(verifies(cheap(longest), longest));
  EXPECT_FALSE(verifies(cheap(longest), longest + 'x'));
  EXPECT_FALSE(verifies(cheap("x"), ""));
}

TEST(PasswordHashTest, aZeroByteEndsNoPassword) {
  using namespace std::string_literals;
  const std::string stored = cheap("a\0b"s);
  EXPECT_TRUE(verifies(stored, "a\0b"s));
  EXPECT_FALSE(verifies(stored, "a\0c"s));
  EXPECT_FALSE(verifies(stored, "a"));
}

TEST(PasswordHashTest, textsThatAreNoneMatchNothing) {
  const std::string good = cheap("x");
  ASSERT_TRUE(verifies(good, "x"));
  for (const std::string& stored :
       {std::string(), std::string("x"), std::string("$argon2id$"), good.substr(0, good.size() - 1),
        good + "A", good + std::string(1, '\0'),
        std::string("$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D"),
        std::string("$argon2id$v=19$m=8,t=1,p=2") + good.substr(good.find("p=1") + 3),
        std::string("$argon2id$v=19$m=8,t=99999999999999999999,p=1") + good.substr(good.find("p=1") + 3),
        std::string(4096, '$')}) {
    EXPECT_FALSE(verifies(stored, "x")) << stored;
  }
}

TEST(PasswordHashTest, aCostNobodyCanPayIsNotTried) {
  const std::string good = cheap("x");
  const std::string rest = good.substr(good.find(",p=1"));
  for (const char* cost : {"m=4294967295,t=1", "m=1048577,t=1", "m=8,t=65", "m=8,t=4294967295"}) {
    try {
      verifies(std::string("$argon2id$v=19$") + cost + rest, "x");
      ADD_FAILURE() << cost;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kLimit) << cost;
    }
  }
}

// Whatever the password, it matches its own hash, and the hash with one character changed no more.
RC_GTEST_PROP(PasswordHashLaw, matchesItselfOnly, ()) {
  const std::string password = *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>());
  const std::string other = *rc::gen::arbitrary<std::string>();
  std::string stored = cheap(password);
  RC_ASSERT(verifies(stored, password));
  RC_ASSERT(verifies(stored, other) == (password == other));
  const std::size_t hash = stored.rfind('$') + 1;
  const std::size_t at = *rc::gen::inRange(hash, stored.size() - 1);
  stored[at] = stored[at] == 'A' ? 'B' : 'A';
  RC_ASSERT(!verifies(stored, password));
}

}  // namespace
}  // namespace enamel::crypto
