#include "service/settings.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    Config config;
    config.practice.name = "Smile Dental";
    writeCommented(config, file_);
  }
  Settings settings() const { return Settings(loadConfig(file_), file_); }

  TempDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "enamel.toml";
};

TEST_F(SettingsTest, aChangeIsInTheFileAndToldAtOnce) {
  Settings settings = this->settings();
  std::vector<std::string> told;
  settings.addListener([&](const Config& config) { told.push_back(config.practice.name); });
  const auto before = settings.current();
  const auto after = settings.change([](Config& config) { config.practice.name = "Bright Smiles"; });
  EXPECT_EQ(before->practice.name, "Smile Dental") << "who keeps the old one is not disturbed";
  EXPECT_EQ(after->practice.name, "Bright Smiles");
  EXPECT_EQ(settings.current(), after);
  EXPECT_EQ(told, std::vector<std::string>{"Bright Smiles"});
  EXPECT_EQ(loadConfig(file_), *after);
  EXPECT_EQ(modeOf(file_), 0640U);
}

TEST_F(SettingsTest, whatCannotBeChangesNothing) {
  Settings settings = this->settings();
  settings.addListener([](const Config&) { FAIL() << "nothing changed"; });
  const std::string text = fileText(file_);
  const auto refused = [&](const std::function<void(Config&)>& edit) {
    return errorTextOf([&] { settings.change(edit); });
  };
  EXPECT_EQ(
      refused([](Config& c) { c.images.path = "images"; }),
      "images.path must be a path from the root: write it as \"/...\": a service has no current folder");
  EXPECT_EQ(
      refused([](Config& c) { c.listen.address = "0.0.0.0"; }),
      "listen.address reaches beyond this computer, and passwords would cross the network in the clear: "
      "set listen.certificate and listen.key, or listen on 127.0.0.1");
  EXPECT_EQ(
      refused([](Config& c) { c.repository.password_file = "/no/such/file"; }),
      "repository.password_file names a file that cannot be looked at: No such file or directory: check "
      "the name, and that the service's user may enter its folder");
  EXPECT_EQ(refused([](Config&) { throw Error(ErrorCode::kUsage, "no", "never"); }), "no: never");
  EXPECT_NE(refused([](Config& c) { c.practice.name = "a\nb"; }), "");
  EXPECT_EQ(settings.current()->practice.name, "Smile Dental");
  EXPECT_EQ(fileText(file_), text);
}

TEST_F(SettingsTest, aSecretFileThatEverybodyMayReadIsRefused) {
  Settings settings = this->settings();
  const std::string secret = folder_.path() / "password";
  writeText(secret, "secret");
  ::chmod(secret.c_str(), 0644);
  const auto edit = [&](Config& config) { config.repository.password_file = secret; };
  EXPECT_EQ(errorCodeOf([&] { settings.change(edit); }), ErrorCode::kUsage);
  ::chmod(secret.c_str(), 0600);
  EXPECT_EQ(settings.change(edit)->repository.password_file, secret);
}

TEST_F(SettingsTest, whatAPersonWroteIntoTheFileMeanwhileIsKept) {
  Settings settings = this->settings();
  Config by_hand = *settings.current();
  by_hand.schedule.times = {{7 * 60}};
  writeCommented(by_hand, file_);
  settings.change([](Config& config) { config.practice.name = "Bright Smiles"; });
  EXPECT_EQ(settings.current()->schedule.times, (std::vector<TimeOfDay>{{7 * 60}}));

  writeText(file_, "[practice]\nnames = 1\n");
  ::chmod(file_.c_str(), 0640);
  EXPECT_EQ(errorCodeOf([&] { settings.change([](Config&) {}); }), ErrorCode::kUsage);
  EXPECT_EQ(fileText(file_), "[practice]\nnames = 1\n");
  EXPECT_EQ(settings.current()->practice.name, "Bright Smiles");
}

TEST_F(SettingsTest, whereThePageIsServedTakesARestart) {
  Settings settings = this->settings();
  settings.change([](Config& config) { config.retention.keep_daily = 3; });
  EXPECT_FALSE(settings.isRestartNeeded());
  settings.change([](Config& config) { config.listen.port = 8481; });
  EXPECT_TRUE(settings.isRestartNeeded());
  settings.change([](Config& config) { config.listen.port = 8480; });
  EXPECT_FALSE(settings.isRestartNeeded());
}

TEST_F(SettingsTest, changesOfSeveralAtOnceAreAllKept) {
  Settings settings = this->settings();
  constexpr std::uint32_t kThreads = 4, kTimes = 10;
  std::uint32_t told = 0;  // one call at a time
  settings.addListener([&](const Config&) { ++told; });
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      for (std::uint32_t n = 0; n < kTimes; ++n)
        settings.change([](Config& config) { ++config.retention.keep_last; });
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(settings.current()->retention.keep_last, kThreads * kTimes);
  EXPECT_EQ(told, kThreads * kTimes);
  EXPECT_EQ(loadConfig(file_), *settings.current());
}

TEST(Settings, withoutAFileTheyAreInMemory) {
  Settings settings{Config()};
  settings.change([](Config& config) { config.practice.name = "Smile Dental"; });
  EXPECT_EQ(settings.current()->practice.name, "Smile Dental");
}

}  // namespace
}  // namespace enamel::service
