#include "service/scheduler.h"

#include <string>

#include "service/run_options.h"
#include "service/testing/fixed_zone.h"
#include "service/testing/job_queue_fixture.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

// Nothing runs: the queue is not started, so what was asked for stays queued.
class SchedulerTest : public JobQueueTest {
 protected:
  SchedulerTest() {
    config_.repository.path = "/backup";
    config_.schedule = {.times = {{12 * 60}}};
    config_.drills.schedule = {};
    config_.retention = {.keep_last = 0,
                         .keep_hourly = 0,
                         .keep_daily = 0,
                         .keep_weekly = 0,
                         .keep_monthly = 0,
                         .keep_yearly = 0};
    at("2026-11-27T08:00:00Z");
  }
  void at(const char* time) { state_.clock.time = parseRfc3339(time).value(); }
  std::unique_ptr<Scheduler> scheduler() {
    settings_.change([this](Config& config) { config = config_; });
    return std::make_unique<Scheduler>(
        state_.database, runs_, *queue_, settings_, [this](std::string_view text) { log_ += text; },
        state_.clock, utc_);
  }
  static RunRequest whole() {
    return {
        .kind = RunKind::kBackup, .repository = "/backup", .options = formatRunOptions(RunKind::kBackup, {})};
  }
  // A backup that ended now.
  service::Run backedUp(RunState state = RunState::kDone, const std::string& by = "schedule") {
    const service::Run run = runs_.add(whole(), by);
    runs_.start(run.id);
    RunOutcome outcome;
    outcome.state = state;
    runs_.finish(run.id, outcome);
    return run;
  }
  std::vector<RunKind> queuedKinds() const {
    std::vector<RunKind> kinds;
    for (const service::Run& run : runs_.queued()) kinds.push_back(run.request.kind);
    return kinds;
  }

  Utc utc_;
  Config config_;
  Settings settings_{Config()};
  std::string log_;
  std::unique_ptr<JobQueue> queue_ = makeQueue();
};

TEST_F(SchedulerTest, asksAtTheTimeAndOnlyOnce) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty()) << "the times before it was set up are not due";
  EXPECT_EQ(formatRfc3339(scheduler->nextBackup().value()), "2026-11-27T12:00:00Z");
  at("2026-11-27T11:59:59Z");
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
  at("2026-11-27T12:00:05Z");
  scheduler->look();
  scheduler->look();
  ASSERT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
  EXPECT_EQ(runs_.queued()[0].started_by, "schedule");
  EXPECT_EQ(runs_.queued()[0].request.repository, "/backup");
  EXPECT_EQ(formatRfc3339(scheduler->nextBackup().value()), "2026-11-28T12:00:00Z");
}

TEST_F(SchedulerTest, whatWasMissedWhileTheComputerWasOffIsCaughtUpOnce) {
  scheduler()->look();
  at("2026-12-04T09:30:00Z");  // off for a week
  const auto after_start = scheduler();
  after_start->look();
  after_start->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
}

TEST_F(SchedulerTest, anotherSchedulerOfTheSameStateDoesNotAskAgain) {
  scheduler()->look();
  at("2026-11-27T12:00:05Z");
  scheduler()->look();
  queue_->cancel(runs_.queued()[0].id);
  scheduler()->look();
  EXPECT_TRUE(queuedKinds().empty());
}

TEST_F(SchedulerTest, whatTheQueueRefusesIsTriedAgain) {
  auto scheduler = this->scheduler();
  scheduler->look();
  at("2026-11-27T12:00:05Z");
  queue_->stop();
  scheduler->look();
  EXPECT_NE(log_.find("schedule: the service is stopping"), std::string::npos) << log_;
  queue_ = makeQueue();
  scheduler = this->scheduler();
  scheduler->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
}

TEST_F(SchedulerTest, drillsHaveASchedule) {
  config_.schedule = {};
  config_.drills.schedule = {.times = {{5 * 60}}, .days = {false, false, false, false, false, true, false}};
  config_.drills.read_images = 77;
  const auto scheduler = this->scheduler();
  scheduler->look();
  at("2026-11-28T05:00:00Z");  // a Saturday
  scheduler->look();
  ASSERT_EQ(queuedKinds(), std::vector{RunKind::kDrill});
  EXPECT_EQ(runs_.queued()[0].request.options, R"({"snapshot":"latest","read_images":77})");
  EXPECT_FALSE(scheduler->nextBackup());
}

TEST_F(SchedulerTest, oldBackupsAreForgottenOnceADayAfterOneThatWentWell) {
  config_.schedule = {};
  config_.retention.keep_daily = 7;
  const auto scheduler = this->scheduler();
  scheduler->look();
  backedUp(RunState::kIncomplete);
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
  backedUp();
  scheduler->look();
  ASSERT_EQ(queuedKinds(), std::vector{RunKind::kForget});
  queue_->cancel(runs_.queued()[0].id);
  state_.clock.time.ns += 6 * kHour;
  backedUp();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty()) << "not twice a day";
  state_.clock.time.ns += 18 * kHour;
  scheduler->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kForget});
  queue_->cancel(runs_.queued()[0].id);
  state_.clock.time.ns += 3 * kDay;
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty()) << "not without a newer backup";
}

TEST_F(SchedulerTest, aConfigurationThatKeepsAllForgetsNothing) {
  config_.schedule = {};
  const auto scheduler = this->scheduler();
  backedUp();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
}

TEST_F(SchedulerTest, withoutRepositoryNothingIsDue) {
  config_.repository.path = "";
  const auto scheduler = this->scheduler();
  scheduler->look();
  at("2026-11-28T12:00:05Z");
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
}

TEST_F(SchedulerTest, aScheduledBackupThatWasCutOffIsDueAgain) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  backedUp(RunState::kInterrupted);
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
  scheduler->resumeInterrupted();
  scheduler->look();
  scheduler->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
}

TEST_F(SchedulerTest, whatWasCutOffWaitsForTheEndOfQuietHours) {
  config_.schedule.quiet = QuietHours{{7 * 60}, {9 * 60}};  // it is 08:00
  const auto scheduler = this->scheduler();
  scheduler->look();
  backedUp(RunState::kInterrupted);
  scheduler->resumeInterrupted();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
  state_.clock.time.ns += kHour;
  scheduler->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
}

// What is cut off again and again may be what ends the service.
TEST_F(SchedulerTest, whatWasCutOffTwiceInARowIsNotDueAThirdTime) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  backedUp(RunState::kInterrupted);
  backedUp(RunState::kInterrupted);
  scheduler->resumeInterrupted();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
}

TEST_F(SchedulerTest, aPersonsBackupThatWasCutOffIsThePersonsToResume) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  backedUp(RunState::kInterrupted, "Sarah");
  scheduler->resumeInterrupted();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
}

TEST_F(SchedulerTest, aCutOffBackupWithANewerOneIsNotResumed) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  backedUp(RunState::kInterrupted);
  backedUp();
  scheduler->resumeInterrupted();
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
}

// A first backup that takes all day does not stand for the one of the evening.
TEST_F(SchedulerTest, aRunThatBeganBeforeTheTimeDoesNotStandForIt) {
  Gate began, may_end;
  addGatedJob(whole().options, began, may_end);
  const auto scheduler = this->scheduler();
  scheduler->look();
  queue_->start();
  const std::int64_t person = queue_->submit(whole(), "Sarah").run.id;
  began.pass();
  at("2026-11-27T12:00:05Z");
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
  may_end.open();
  recorder_.waitFor(person, RunState::kDone);
  scheduler->look();
  EXPECT_EQ(runs_.page({.kind = RunKind::kBackup, .state = {}, .repository = {}, .options = {}}, 9).size(),
            2U);
  queue_->stop();  // its job uses the gates
}

TEST_F(SchedulerTest, aBackupOfTheImagesAloneForgetsNothing) {
  config_.schedule = {};
  config_.retention.keep_daily = 7;
  const auto scheduler = this->scheduler();
  RunRequest images = whole();
  images.options = R"({"database":false,"images":true})";
  const service::Run run = runs_.add(images, "Sarah");
  runs_.start(run.id);
  RunOutcome outcome;
  runs_.finish(run.id, outcome);
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty());
}

TEST_F(SchedulerTest, aChangedScheduleCountsFromThenOn) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  at("2026-11-27T11:00:00Z");
  settings_.change([](Config& config) { config.schedule.times = {{10 * 60}, {11 * 60 + 30}}; });
  scheduler->look();
  EXPECT_TRUE(queuedKinds().empty()) << "ten o'clock was over when it was set";
  EXPECT_EQ(formatRfc3339(scheduler->nextBackup().value()), "2026-11-27T11:30:00Z");
  at("2026-11-27T11:30:00Z");
  scheduler->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
}

TEST_F(SchedulerTest, whatCameDueJustBeforeTheScheduleWasChangedIsMade) {
  const auto scheduler = this->scheduler();
  scheduler->look();
  at("2026-11-27T12:00:05Z");
  settings_.change([](Config& config) { config.schedule.times = {{20 * 60}}; });
  scheduler->look();
  EXPECT_EQ(queuedKinds(), std::vector{RunKind::kBackup});
}

TEST_F(SchedulerTest, itsThreadLooksAndStops) {
  scheduler()->look();
  at("2026-11-27T12:00:05Z");
  const auto scheduler = this->scheduler();
  scheduler->start();
  while (queuedKinds().empty()) std::this_thread::yield();
  scheduler->stop();
}

}  // namespace
}  // namespace enamel::service
