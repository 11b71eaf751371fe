#include "service/missed_day.h"

#include <gtest/gtest.h>

namespace enamel::service {
namespace {

using namespace std::chrono;

Timestamp utc(const char* text) {
  return parseRfc3339(text).value();
}

class MissedDay : public ::testing::Test {
 protected:
  MissedDay() { schedule_.times = {TimeOfDay{12 * 60}, TimeOfDay{23 * 60 + 30}}; }

  RunDay dayOf(year_month_day date, std::vector<service::Run> runs = {}) const {
    return {.day = sys_days(date),
            .begin = zone_->toMoment(LocalTime::of(sys_days(date), 0)),
            .end = zone_->toMoment(LocalTime::of(sys_days(date) + days(1), 0)),
            .runs = std::move(runs)};
  }
  static service::Run backup(const char* started, RunState state = RunState::kDone) {
    service::Run run;
    run.request.kind = RunKind::kBackup;
    run.state = state;
    run.queued = utc(started);
    run.started = run.queued;
    return run;
  }
  bool missed(const RunDay& day, const RunDay* next = nullptr) const {
    return isMissed(day, next, schedule_, *zone_, since_, now_);
  }

  const std::unique_ptr<TimeZone> zone_ = TimeZone::named("America/Chicago");
  Schedule schedule_;
  Timestamp since_ = utc("2026-11-01T00:00:00Z");
  Timestamp now_ = utc("2026-11-20T00:00:00Z");
};

TEST_F(MissedDay, ADayWithoutABackupIsMissedIfOneWasDue) {
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 10)));
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 10, {backup("2026-11-10T18:00:00Z")})));
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 10, {backup("2026-11-10T18:00:00Z", RunState::kIncomplete)})));
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 10, {backup("2026-11-10T18:00:00Z", RunState::kFailed)})));
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 10, {backup("2026-11-10T18:00:00Z", RunState::kCancelled)})));
}

TEST_F(MissedDay, ADrillIsNoBackup) {
  service::Run drill = backup("2026-11-10T18:00:00Z");
  drill.request.kind = RunKind::kDrill;
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 10, {drill})));
}

TEST_F(MissedDay, NothingIsMissedWhereNothingIsDue) {
  schedule_.days = {true, true, true, true, true, false, false};
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 13)));   // a Friday
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 14)));  // a Saturday
  schedule_.times.clear();
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 13)));
}

TEST_F(MissedDay, WhatIsStillToComeOrJustLateIsNotMissed) {
  now_ = utc("2026-11-10T19:59:59Z");  // 13:59:59 there; due was 12:00
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 10)));
  now_ = utc("2026-11-10T20:00:00Z");
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 10)));
}

TEST_F(MissedDay, WhatWasBeforeTheHistoryWasNotMissed) {
  since_ = utc("2026-11-11T05:31:00Z");  // 23:31 on the 10th
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 10)));
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 11)));
}

TEST_F(MissedDay, ALateBackupThatBeginsAfterMidnightIsTheEveningsStill) {
  const RunDay soon = dayOf(2026y / 11 / 11, {backup("2026-11-11T07:30:00Z")});  // 01:30, due was 23:30
  const RunDay late = dayOf(2026y / 11 / 11, {backup("2026-11-11T07:30:01Z")});
  EXPECT_FALSE(missed(dayOf(2026y / 11 / 10), &soon));
  EXPECT_TRUE(missed(dayOf(2026y / 11 / 10), &late));
}

}  // namespace
}  // namespace enamel::service
