#include "service/api_tokens.h"

#include <gtest/gtest.h>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

class ApiTokensTest : public ::testing::Test {
 protected:
  TestState state_;
  ApiTokens tokens_{state_.database, state_.clock};
};

TEST_F(ApiTokensTest, aTokenSignsItsNameIn) {
  const auto plain = tokens_.create("nightly report", false, "Sarah");
  const auto admin = tokens_.create("set-up script", true, "Sarah");
  EXPECT_EQ(plain.secret.rfind("enamel_", 0), 0U);
  EXPECT_EQ(tokens_.find(plain.secret),
            (Principal{
                .name = "nightly report", .account = "token", .may_back_up = true, .may_administer = false}));
  ASSERT_TRUE(tokens_.find(admin.secret));
  EXPECT_TRUE(tokens_.find(admin.secret)->may_administer);
  EXPECT_FALSE(tokens_.find("enamel_"));
  EXPECT_FALSE(tokens_.find(""));
  EXPECT_FALSE(tokens_.find(plain.secret.substr(7)));
  EXPECT_FALSE(tokens_.find(plain.secret + "0"));
}

TEST_F(ApiTokensTest, isListedWithItsLastUseAndGoneWhenRemoved) {
  const auto created = tokens_.create("nightly report", false, "Sarah");
  ASSERT_EQ(tokens_.list().size(), 1U);
  EXPECT_EQ(tokens_.list()[0].created, state_.clock.time);
  EXPECT_EQ(tokens_.list()[0].created_by, "Sarah");
  EXPECT_FALSE(tokens_.list()[0].last_used);
  const Timestamp first = state_.clock.time;
  tokens_.find(created.secret);
  state_.clock.time.ns += 60 * kSecond;
  tokens_.find(created.secret);
  EXPECT_EQ(tokens_.list()[0].last_used, first);
  state_.clock.time.ns += 3600 * kSecond;
  tokens_.find(created.secret);
  EXPECT_EQ(tokens_.list()[0].last_used, state_.clock.time);

  EXPECT_EQ(tokens_.remove(created.token.id)->name, "nightly report");
  EXPECT_FALSE(tokens_.remove(created.token.id));
  EXPECT_FALSE(tokens_.find(created.secret));
  EXPECT_TRUE(tokens_.list().empty());
}

TEST_F(ApiTokensTest, namesAreNotTakenTwiceNorOdd) {
  tokens_.create("nightly", false, "Sarah");
  EXPECT_EQ(errorCodeOf([&] { tokens_.create("nightly", true, "Tom"); }), ErrorCode::kExists);
  EXPECT_EQ(errorCodeOf([&] { tokens_.create("", true, "Tom"); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { tokens_.create("a\nb", true, "Tom"); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { tokens_.create(std::string(101, 'a'), true, "Tom"); }), ErrorCode::kUsage);
}

TEST_F(ApiTokensTest, theSecretIsNotInTheState) {
  const auto created = tokens_.create("nightly", false, "Sarah");
  tokens_.find(created.secret);
  for (const auto& entry : std::filesystem::directory_iterator(state_.folder.path()))
    EXPECT_EQ(fileText(entry.path()).find(created.secret.substr(10)), std::string::npos) << entry.path();
}

}  // namespace
}  // namespace enamel::service
