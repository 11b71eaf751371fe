#include "service/alert_teller.h"

#include <gtest/gtest.h>

#include "base/testing/gate.h"
#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kMinute = 60 * kSecond;

class AlertTellerTest : public testing::Test {
 protected:
  AlertTellerTest() {
    Config config;
    config.alerts.webhook_url = "https://chat.example/hook";
    config.alerts.ping_url = "https://ping.example/id";
    settings_ = std::make_unique<Settings>(config);
  }
  std::unique_ptr<AlertTeller> teller() {
    AlertTeller::Ways ways;
    ways.deliver = [this](const std::string& channel, const Config&, const std::vector<DueNews>& news,
                          Timestamp, const CancelToken& cancel) -> std::vector<std::string> {
      ++attempts_;
      if (began_ != nullptr) {
        began_->open();
        while (!cancel.cancelled()) std::this_thread::yield();
        cancel.check();
      }
      if (broken_) throw Error(ErrorCode::kUnreachable, "no such host", "look");
      for (const DueNews& item : news)
        told_.push_back(channel + " " + std::string(name(item.news)) + " " + item.alert.code);
      return {};
    };
    ways.ping = [this](const Config&, PingOutcome outcome, const CancelToken&) {
      ++attempts_;
      if (broken_) throw Error(ErrorCode::kUnreachable, "no such host");
      told_.emplace_back(outcome == PingOutcome::kComplete ? "ping" : "ping fail");
    };
    return std::make_unique<AlertTeller>(
        store_, *settings_, ways, [this](std::string_view line) { log_.emplace_back(line); },
        [this](const std::vector<Alert>& alerts) { published_ += alerts.size(); }, state_.clock);
  }
  void see(const std::vector<std::string>& codes) {
    AlertFindings findings;
    for (const std::string& code : codes)
      findings.conditions.push_back({.code = code,
                                     .severity = AlertSeverity::kCritical,
                                     .title = "t",
                                     .detail = {},
                                     .advice = {},
                                     .run = {}});
    store_.update(findings, state_.clock.now());
  }
  using Texts = std::vector<std::string>;

  TestState state_;
  AlertStore store_{state_.database};
  std::unique_ptr<Settings> settings_;
  bool broken_ = false;
  Gate* began_ = nullptr;
  int attempts_ = 0;
  std::size_t published_ = 0;
  Texts told_, log_;
};

TEST_F(AlertTellerTest, allThatIsDueGoesOutInOneMessage) {
  const auto teller = this->teller();
  teller->tell();
  EXPECT_EQ(attempts_, 0);
  see({"a", "b"});
  teller->tell();
  teller->tell();
  EXPECT_EQ(attempts_, 1);
  EXPECT_EQ(told_, (Texts{"webhook begins a", "webhook begins b"}));
  EXPECT_EQ(published_, 2U);
  EXPECT_EQ(teller->counts().at("webhook").delivered, 1U);
}

TEST_F(AlertTellerTest, aChannelThatIsDownIsTriedSeldomAndLoggedOnce) {
  const auto teller = this->teller();
  broken_ = true;
  see({"a"});
  for (int minute = 0; minute < 24 * 60; ++minute) {
    teller->tell();
    state_.clock.time.ns += kMinute;
  }
  // At 0, 1, 3, 7, 15 minutes, then each 15.
  EXPECT_EQ(attempts_, 5 + (24 * 60 - 16) / 15);
  EXPECT_EQ(log_, Texts{"alerts: nobody could be told by webhook: no such host (look)"});
  EXPECT_EQ(store_.active()[0].told.at(0).error, "no such host");
  broken_ = false;
  state_.clock.time.ns += 15 * kMinute;
  teller->tell();
  EXPECT_EQ(told_, Texts{"webhook begins a"});
  EXPECT_EQ(log_.back(), "alerts: webhook works again");
}

TEST_F(AlertTellerTest, thePingIsCalledOnceAfterABackupAndAgainUntilItWorks) {
  const auto teller = this->teller();
  broken_ = true;
  teller->pingLater(PingOutcome::kComplete);
  teller->tell();
  teller->tell();
  EXPECT_EQ(attempts_, 1);
  broken_ = false;
  state_.clock.time.ns += kMinute;
  teller->tell();
  teller->tell();
  EXPECT_EQ(told_, Texts{"ping"});
  teller->pingLater(PingOutcome::kNotComplete);
  teller->tell();
  EXPECT_EQ(told_, (Texts{"ping", "ping fail"}));
}

TEST_F(AlertTellerTest, whatFailedIsTriedOnceOnly) {
  const auto teller = this->teller();
  broken_ = true;
  teller->pingLater(PingOutcome::kNotComplete);
  teller->tell();
  state_.clock.time.ns += 60 * kMinute;
  teller->tell();
  EXPECT_EQ(attempts_, 1);
}

TEST_F(AlertTellerTest, stoppingBreaksOffWhatIsBeingSent) {
  Gate began;
  began_ = &began;
  see({"a"});
  const auto teller = this->teller();
  teller->start();
  teller->wake();
  began.pass();
  teller->stop();
  EXPECT_TRUE(store_.active()[0].told.empty()) << "it was not tried to its end";
  EXPECT_TRUE(log_.empty());
}

TEST_F(AlertTellerTest, aTestGoesOutAtOnceAndChangesNoAlert) {
  const auto teller = this->teller();
  see({"a"});
  EXPECT_TRUE(teller->test("webhook").empty());
  EXPECT_EQ(told_, Texts{"webhook begins test"});
  EXPECT_TRUE(store_.active()[0].told.empty());
  broken_ = true;
  EXPECT_THROW(teller->test("ping"), Error);
}

}  // namespace
}  // namespace enamel::service
