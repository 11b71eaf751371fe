#include "service/secret_files.h"

#include <gtest/gtest.h>

#include "service/alert_addresses.h"
#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

class SecretFilesTest : public ::testing::Test {
 protected:
  TempDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "enamel.toml";
  Settings settings_{Config(), file_};
};

TEST_F(SecretFilesTest, aSecretIsInAFileOfItsOwn) {
  setSecret(settings_, SecretName::kDatabase, "pass word");
  const std::filesystem::path secret = folder_.path() / "enamel.database-password";
  EXPECT_EQ(settings_.current()->database.password_file, secret);
  EXPECT_EQ(fileText(secret), "pass word\n");
  EXPECT_EQ(modeOf(secret), 0600U);
  EXPECT_EQ(fileText(file_).find("pass word"), std::string::npos);
  EXPECT_EQ(loadConfig(file_).database.password_file, secret);

  setSecret(settings_, SecretName::kDatabase, "another");
  EXPECT_EQ(fileText(secret), "another\n");
  setSecret(settings_, SecretName::kDatabase, "");
  EXPECT_EQ(settings_.current()->database.password_file, "");
  EXPECT_FALSE(std::filesystem::exists(secret));
}

TEST_F(SecretFilesTest, anAddressInTheFileMovesIntoTheClearOnesPlace) {
  settings_.change([](Config& config) { config.alerts.webhook_url = "https://in.the/clear"; });
  EXPECT_EQ(webhookUrl(*settings_.current()), "https://in.the/clear");
  setSecret(settings_, SecretName::kWebhookUrl, "https://chat.example/T0KEN");
  setSecret(settings_, SecretName::kPingUrl, "https://ping.example/ID");
  EXPECT_EQ(settings_.current()->alerts.webhook_url, "");
  EXPECT_EQ(webhookUrl(*settings_.current()), "https://chat.example/T0KEN");
  EXPECT_EQ(pingUrl(*settings_.current()), "https://ping.example/ID");
  EXPECT_EQ(webhookUrl(Config()), "");
}

TEST_F(SecretFilesTest, whatCannotBeIsRefusedWithoutBeingShown) {
  const auto refused = [&](SecretName name, const std::string& value) {
    return errorTextOf([&] { setSecret(settings_, name, value); });
  };
  EXPECT_EQ(refused(SecretName::kWebhookUrl, "s3cret"),
            "value must be a web address: write it as \"https://HOST/PATH\"");
  EXPECT_EQ(refused(SecretName::kSmtp, "s3cret\nmore"), "value holds a control character: ");
  EXPECT_EQ(refused(SecretName::kSmtp, std::string(1025, 's')), "value is longer than 1024 bytes: ");
  EXPECT_FALSE(std::filesystem::exists(file_));

  const std::filesystem::path file = folder_.path() / "address";
  writeText(file, "s3cret");
  ::chmod(file.c_str(), 0600);
  Config config;
  config.alerts.ping_url_file = file;
  EXPECT_EQ(errorTextOf([&] { pingUrl(config); }),
            file.string() + " does not hold a web address: write one line into it: https://HOST/PATH");
}

}  // namespace
}  // namespace enamel::service
