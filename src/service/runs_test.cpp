#include "service/runs.h"

#include <gtest/gtest.h>

#include <memory>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

using namespace std::chrono;

class RunsTest : public testing::Test {
 protected:
  std::int64_t add(RunKind kind, const std::string& options = "", const std::string& repository = "main") {
    return runs_.add({.kind = kind, .repository = repository, .options = options}, "Sarah").id;
  }
  std::int64_t addEnded(RunKind kind, RunState state, const std::string& snapshot = "",
                        const std::string& repository = "main") {
    const std::int64_t id = add(kind, "", repository);
    runs_.start(id);
    runs_.finish(id, {.state = state, .snapshot = snapshot});
    return id;
  }
  service::Run run(std::int64_t id) const { return runs_.find(id).value(); }
  static std::vector<std::int64_t> ids(const std::vector<service::Run>& runs) {
    std::vector<std::int64_t> out;
    for (const service::Run& run : runs) out.push_back(run.id);
    return out;
  }

  TestState state_;
  Runs runs_{state_.database, state_.clock};
};

TEST(RunNames, GoThereAndBack) {
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(runKindOf(name(static_cast<RunKind>(i))), static_cast<RunKind>(i));
    EXPECT_EQ(runStateOf(name(static_cast<RunState>(i))), static_cast<RunState>(i));
  }
  EXPECT_EQ(name(RunKind::kRemoval), "removal");
  EXPECT_EQ(name(RunState::kInterrupted), "interrupted");
  EXPECT_EQ(runKindOf("nothing"), std::nullopt);
}

TEST_F(RunsTest, ARunIsRememberedFromItsRequestToItsEnd) {
  const std::int64_t id = add(RunKind::kBackup, R"({"tags":["x"]})");
  const Timestamp queued = state_.clock.time;
  EXPECT_EQ(run(id).state, RunState::kQueued);
  EXPECT_EQ(run(id).queued, queued);
  EXPECT_EQ(run(id).started, std::nullopt);

  state_.clock.time.ns += kSecond;
  runs_.start(id);
  const ProgressSample half{
      .bytes_done = 50, .bytes_total = 100, .phase = "reading images", .current = "A/x.jpg"};
  runs_.saveProgress(id, half);
  EXPECT_EQ(run(id).state, RunState::kRunning);
  EXPECT_EQ(run(id).started->ns, queued.ns + kSecond);
  EXPECT_EQ(run(id).progress, half);

  state_.clock.time.ns += kSecond;
  const ProgressSample whole{.bytes_done = 100, .bytes_total = 100, .tables_done = 3};
  runs_.finish(id, {.state = RunState::kIncomplete,
                    .progress = whole,
                    .snapshot = std::string(64, 'a'),
                    .result = R"({"errors":1})",
                    .error = RunError{.code = "incomplete", .message = "one file", .hint = "look"}});
  const service::Run ended = run(id);
  EXPECT_EQ(ended.state, RunState::kIncomplete);
  EXPECT_EQ(ended.request.kind, RunKind::kBackup);
  EXPECT_EQ(ended.request.options, R"({"tags":["x"]})");
  EXPECT_EQ(ended.started_by, "Sarah");
  EXPECT_EQ(ended.ended->ns, queued.ns + 2 * kSecond);
  EXPECT_EQ(ended.progress, whole);
  EXPECT_EQ(ended.snapshot, std::string(64, 'a'));
  EXPECT_EQ(ended.error, (RunError{.code = "incomplete", .message = "one file", .hint = "look"}));
  EXPECT_EQ(runs_.result(id), R"({"errors":1})");
}

TEST_F(RunsTest, StatesFollowOneAnother) {
  const std::int64_t id = add(RunKind::kBackup);
  EXPECT_EQ(errorCodeOf([&] { runs_.saveProgress(id, {}); }), ErrorCode::kNotFound);
  runs_.start(id);
  EXPECT_EQ(errorCodeOf([&] { runs_.start(id); }), ErrorCode::kNotFound);
  runs_.finish(id, {.state = RunState::kDone});
  EXPECT_EQ(errorCodeOf([&] { runs_.finish(id, {.state = RunState::kFailed}); }), ErrorCode::kNotFound);
  EXPECT_EQ(errorCodeOf([&] { runs_.start(99); }), ErrorCode::kNotFound);
  EXPECT_EQ(run(id).state, RunState::kDone);
  EXPECT_EQ(runs_.find(99).has_value(), false);
  EXPECT_EQ(runs_.result(99), "");
}

TEST_F(RunsTest, AnEqualRequestIsRefusedUntilTheFirstEnded) {
  const std::int64_t id = add(RunKind::kRestore, "a");
  EXPECT_EQ(errorCodeOf([&] { add(RunKind::kRestore, "a"); }), ErrorCode::kExists);
  runs_.start(id);
  EXPECT_EQ(errorCodeOf([&] { add(RunKind::kRestore, "a"); }), ErrorCode::kExists);
  add(RunKind::kRestore, "b");
  add(RunKind::kRestore, "a", "other");
  add(RunKind::kCheck, "a");
  runs_.finish(id, {.state = RunState::kFailed});
  EXPECT_GT(add(RunKind::kRestore, "a"), id);
}

TEST_F(RunsTest, OptionsAreBounded) {
  EXPECT_EQ(errorCodeOf([&] { add(RunKind::kRestore, std::string(Runs::kOptionsBytesMax + 1, 'x')); }),
            ErrorCode::kLimit);
}

TEST_F(RunsTest, AfterARestartRunningIsInterruptedAndQueuedIsQueued) {
  const std::int64_t running = add(RunKind::kBackup), first = add(RunKind::kDrill),
                     second = add(RunKind::kCheck);
  runs_.start(running);
  runs_.saveProgress(running, {.bytes_done = 7});
  state_.clock.time.ns += kSecond;
  const Runs again(state_.database, state_.clock);
  const service::Run interrupted = again.find(running).value();
  EXPECT_EQ(interrupted.state, RunState::kInterrupted);
  EXPECT_EQ(interrupted.progress.bytes_done, 7U);
  EXPECT_EQ(interrupted.ended, state_.clock.time);
  EXPECT_NE(interrupted.error->hint, "");
  EXPECT_EQ(ids(again.queued()), (std::vector<std::int64_t>{first, second}));
}

TEST_F(RunsTest, PagesAreFilteredAndGoFromTheNewest) {
  const std::int64_t a = addEnded(RunKind::kBackup, RunState::kDone);
  const std::int64_t b = addEnded(RunKind::kDrill, RunState::kFailed);
  const std::int64_t c = addEnded(RunKind::kBackup, RunState::kFailed);
  const std::int64_t d = addEnded(RunKind::kBackup, RunState::kDone, "", "other");
  EXPECT_EQ(ids(runs_.page({}, 2)), (std::vector<std::int64_t>{d, c}));
  EXPECT_EQ(ids(runs_.page({}, 9, c)), (std::vector<std::int64_t>{b, a}));
  EXPECT_EQ(ids(runs_.page({.kind = RunKind::kBackup}, 9)), (std::vector<std::int64_t>{d, c, a}));
  EXPECT_EQ(ids(runs_.page({.kind = RunKind::kBackup, .state = RunState::kDone, .repository = "main"}, 9)),
            (std::vector<std::int64_t>{a}));
}

TEST_F(RunsTest, TheLastGoodBackupIsCompleteAndOfThatRepository) {
  EXPECT_EQ(runs_.lastGoodBackup("main", "").has_value(), false);
  const std::int64_t good = addEnded(RunKind::kBackup, RunState::kDone);
  addEnded(RunKind::kBackup, RunState::kIncomplete);
  addEnded(RunKind::kBackup, RunState::kFailed);
  addEnded(RunKind::kRestore, RunState::kDone);
  addEnded(RunKind::kBackup, RunState::kDone, "", "other");
  EXPECT_EQ(runs_.lastGoodBackup("main", "")->id, good);
  runs_.finish(add(RunKind::kBackup, "images only", "main"), {.state = RunState::kDone});
  EXPECT_EQ(runs_.lastGoodBackup("main", "")->id, good);
}

TEST_F(RunsTest, TheLastDrillOfASnapshotIsOneWithAVerdict) {
  EXPECT_EQ(runs_.lastDrill("").has_value(), false);
  addEnded(RunKind::kDrill, RunState::kDone, "snapshot");
  const std::int64_t failed = addEnded(RunKind::kDrill, RunState::kFailed, "snapshot");
  addEnded(RunKind::kDrill, RunState::kCancelled, "snapshot");
  addEnded(RunKind::kBackup, RunState::kDone, "snapshot");
  addEnded(RunKind::kDrill, RunState::kDone, "another");
  addEnded(RunKind::kDrill, RunState::kDone, "");
  EXPECT_EQ(runs_.lastDrill("snapshot")->id, failed);
  EXPECT_EQ(runs_.lastDrill("").has_value(), false);
}

class RunDaysTest : public RunsTest {
 protected:
  // A backup that began at that moment.
  std::int64_t at(const char* text) {
    state_.clock.time = parseRfc3339(text).value();
    return addEnded(RunKind::kBackup, RunState::kDone);
  }
  const std::unique_ptr<TimeZone> chicago_ = TimeZone::named("America/Chicago");
};

TEST_F(RunDaysTest, ARunBelongsToTheDayOfThePlace) {
  const std::int64_t late = at("2026-06-02T04:59:59Z");  // 23:59:59 there
  const std::int64_t early = at("2026-06-02T05:00:00Z");
  at("2026-06-04T05:00:00Z");
  const auto days = runs_.days(2026y / 6 / 1, 3, *chicago_);
  ASSERT_EQ(days.size(), 3U);
  EXPECT_EQ(ids(days[0].runs), (std::vector<std::int64_t>{late}));
  EXPECT_EQ(ids(days[1].runs), (std::vector<std::int64_t>{early}));
  EXPECT_EQ(ids(days[2].runs), (std::vector<std::int64_t>{}));
  EXPECT_EQ(days[1].day, sys_days(2026y / 6 / 2));
}

TEST_F(RunDaysTest, DaysOfAClockChangeAreAnHourLongerOrShorter) {
  const auto hours = [](const RunDay& day) { return (day.end.ns - day.begin.ns) / (3600 * kSecond); };
  const auto spring = runs_.days(2026y / 3 / 7, 3, *chicago_);
  EXPECT_EQ(hours(spring[0]), 24);
  EXPECT_EQ(hours(spring[1]), 23);
  EXPECT_EQ(spring[0].end, spring[1].begin);
  EXPECT_EQ(hours(runs_.days(2026y / 11 / 1, 1, *chicago_)[0]), 25);
}

TEST_F(RunDaysTest, ARunThatWaitedCountsWhereItBegan) {
  state_.clock.time = parseRfc3339("2026-06-02T04:00:00Z").value();
  const std::int64_t id = add(RunKind::kBackup);
  EXPECT_EQ(ids(runs_.days(2026y / 6 / 1, 1, *chicago_)[0].runs), (std::vector<std::int64_t>{id}));
  state_.clock.time = parseRfc3339("2026-06-02T06:00:00Z").value();
  runs_.start(id);
  EXPECT_EQ(ids(runs_.days(2026y / 6 / 1, 1, *chicago_)[0].runs), (std::vector<std::int64_t>{}));
  EXPECT_EQ(ids(runs_.days(2026y / 6 / 2, 1, *chicago_)[0].runs), (std::vector<std::int64_t>{id}));
}

TEST_F(RunDaysTest, DaysThatCannotBeAreRefused) {
  EXPECT_EQ(runs_.days(2026y / 6 / 1, 0, *chicago_).size(), 0U);
  for (const auto& [day, count] : {std::pair(sys_days(2026y / 6 / 1), -1),
                                   {sys_days(2026y / 6 / 1), 401},
                                   {sys_days(1969y / 6 / 1), 1},
                                   {sys_days(9999y / 6 / 1), 1},
                                   {sys_days::max(), 1}})
    EXPECT_EQ(errorCodeOf([&, d = day, n = count] { runs_.days(d, n, *chicago_); }), ErrorCode::kUsage);
}

}  // namespace
}  // namespace enamel::service
