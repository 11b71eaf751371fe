#include "service/schedule.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <limits>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

Timestamp utc(const char* text) {
  return parseRfc3339(text).value();
}

TimeOfDay at(const char* text) {
  return TimeOfDay::parse(text).value();
}

std::string text(std::optional<Timestamp> time) {
  return time ? formatRfc3339(*time) : "never";
}

class ScheduleTest : public testing::Test {
 protected:
  std::string nextAfter(const char* moment) const { return text(nextRun(schedule_, *zone_, utc(moment))); }
  std::optional<DueRun> due(const char* last, const char* now) const {
    return dueRun(schedule_, *zone_, utc(last), utc(now));
  }
  std::string dueAt(const char* last, const char* now) const {
    const auto run = due(last, now);
    return run ? formatRfc3339(run->scheduled) : "not due";
  }

  const std::unique_ptr<TimeZone> zone_ = TimeZone::named("America/Chicago");
  Schedule schedule_{.times = {at("12:30"), at("20:00")}};
};

TEST(TimeOfDay, IsReadStrictly) {
  EXPECT_EQ(at("00:00").minutes, 0);
  EXPECT_EQ(at("23:59").minutes, 1439);
  EXPECT_EQ(at("07:05").text(), "07:05");
  for (const char* bad : {"", "7:05", "24:00", "12:60", "12.30", "12:3", "12:300", "-1:00", "1a:00", "ab:cd"})
    EXPECT_EQ(TimeOfDay::parse(bad), std::nullopt) << bad;
}

TEST_F(ScheduleTest, SeveralTimesADay) {
  EXPECT_EQ(nextAfter("2026-06-01T17:29:59Z"), "2026-06-01T17:30:00Z");  // 12:30 there
  EXPECT_EQ(nextAfter("2026-06-01T17:30:00Z"), "2026-06-02T01:00:00Z");  // strictly after
  EXPECT_EQ(nextAfter("2026-06-02T01:00:00Z"), "2026-06-02T17:30:00Z");
  schedule_.times = {at("20:00"), at("12:30"), at("20:00")};  // in no order, and twice
  EXPECT_EQ(nextAfter("2026-06-01T17:30:00Z"), "2026-06-02T01:00:00Z");
}

TEST_F(ScheduleTest, ChosenDays) {
  schedule_.days = {false, false, true, false, false, false, false};  // Wednesday
  EXPECT_EQ(nextAfter("2026-06-01T12:00:00Z"), "2026-06-03T17:30:00Z");
  EXPECT_EQ(nextAfter("2026-06-04T01:00:00Z"), "2026-06-10T17:30:00Z");
  schedule_.days = {};
  EXPECT_EQ(nextAfter("2026-06-01T12:00:00Z"), "never");
  schedule_ = {};
  EXPECT_EQ(nextAfter("2026-06-01T12:00:00Z"), "never");
  EXPECT_EQ(dueAt("2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z"), "not due");
}

TEST_F(ScheduleTest, QuietHoursMoveToTheirEnd) {
  schedule_.quiet = QuietHours{at("12:00"), at("14:00")};
  EXPECT_EQ(nextAfter("2026-06-01T17:00:00Z"), "2026-06-01T19:00:00Z");  // 14:00 there
  schedule_.quiet = QuietHours{at("19:00"), at("06:00")};                // over midnight
  EXPECT_EQ(nextAfter("2026-06-01T18:00:00Z"), "2026-06-02T11:00:00Z");  // 06:00 of the next day
  schedule_.times = {at("03:00"), at("05:59"), at("23:00")};             // all three at one moment: one run
  EXPECT_EQ(nextAfter("2026-06-02T10:00:00Z"), "2026-06-02T11:00:00Z");
  EXPECT_EQ(nextAfter("2026-06-02T11:00:00Z"), "2026-06-03T11:00:00Z");
  schedule_.times = {at("06:00"), at("18:59")};  // neither is in them
  EXPECT_EQ(nextAfter("2026-06-02T11:00:00Z"), "2026-06-02T23:59:00Z");
}

// The day that counts is the one of the time, not that of the moment it was moved to.
TEST_F(ScheduleTest, ADaysLateTimeRunsInTheNextMorning) {
  schedule_.times = {at("23:00")};
  schedule_.days = {true, false, false, false, false, false, false};  // Monday
  schedule_.quiet = QuietHours{at("22:00"), at("06:00")};
  EXPECT_EQ(nextAfter("2026-06-01T12:00:00Z"), "2026-06-02T11:00:00Z");  // Tuesday, 06:00
}

TEST_F(ScheduleTest, ATimeThatDoesNotOccurRunsOnce) {
  schedule_.times = {at("02:30"), at("03:30")};  // on the day clocks go forward, both mean 03:30
  EXPECT_EQ(nextAfter("2026-03-08T00:00:00Z"), "2026-03-08T08:30:00Z");
  EXPECT_EQ(nextAfter("2026-03-08T08:30:00Z"), "2026-03-09T07:30:00Z");
}

TEST_F(ScheduleTest, ATimeThatOccursTwiceRunsOnce) {
  schedule_.times = {at("01:30")};
  EXPECT_EQ(nextAfter("2026-11-01T05:00:00Z"), "2026-11-01T06:30:00Z");
  EXPECT_EQ(nextAfter("2026-11-01T06:30:00Z"), "2026-11-02T07:30:00Z");
  EXPECT_EQ(dueAt("2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"), "not due");
}

TEST_F(ScheduleTest, IsDueFromItsMomentOnUntilItRan) {
  EXPECT_EQ(dueAt("2026-06-01T01:00:00Z", "2026-06-01T17:29:59Z"), "not due");
  EXPECT_EQ(dueAt("2026-06-01T01:00:00Z", "2026-06-01T17:30:00Z"), "2026-06-01T17:30:00Z");
  EXPECT_EQ(dueAt("2026-06-01T01:00:00Z", "2026-06-01T18:00:00Z"), "2026-06-01T17:30:00Z");
  EXPECT_EQ(dueAt("2026-06-01T17:30:00Z", "2026-06-01T18:00:00Z"), "not due");
}

TEST_F(ScheduleTest, WhatWasMissedIsCaughtUpOnce) {
  const auto run = due("2026-06-01T17:30:00Z", "2026-06-04T12:00:00Z");
  ASSERT_TRUE(run);
  EXPECT_EQ(formatRfc3339(run->scheduled), "2026-06-04T01:00:00Z");
  EXPECT_EQ(run->missed_before, 4U);
  EXPECT_FALSE(dueRun(schedule_, *zone_, run->scheduled, utc("2026-06-04T12:00:00Z")));
}

TEST_F(ScheduleTest, YearsThatWereMissedAreCountedNoFartherBackThanNeeded) {
  const auto run = due("1970-01-01T00:00:00Z", "2026-06-04T12:00:00Z");
  ASSERT_TRUE(run);
  EXPECT_EQ(formatRfc3339(run->scheduled), "2026-06-04T01:00:00Z");
  EXPECT_LE(run->missed_before, 2U * (kCountedDays + 1));
}

TEST_F(ScheduleTest, CatchingUpWaitsForTheEndOfTheQuietHours) {
  schedule_.quiet = QuietHours{at("06:00"), at("10:00")};
  EXPECT_EQ(dueAt("2026-06-01T17:30:00Z", "2026-06-02T14:59:00Z"), "not due");  // 09:59 there
  EXPECT_EQ(dueAt("2026-06-01T17:30:00Z", "2026-06-02T15:00:00Z"), "2026-06-02T01:00:00Z");
}

TEST_F(ScheduleTest, AClockSetBackALittleRunsNothingTwice) {
  EXPECT_EQ(dueAt("2026-06-01T17:30:00Z", "2026-06-01T17:00:00Z"), "not due");
  EXPECT_EQ(dueAt("2026-06-01T17:30:00Z", "2026-06-01T17:30:00Z"), "not due");
}

// The clock was a year ahead when the last backup was made: nobody waits for that year.
TEST_F(ScheduleTest, AClockSetBackFarDoesNotStopBackups) {
  const auto run = due("2027-06-01T17:30:00Z", "2026-06-01T17:00:00Z");
  ASSERT_TRUE(run);
  EXPECT_EQ(formatRfc3339(run->scheduled), "2026-06-01T01:00:00Z");
  EXPECT_FALSE(dueRun(schedule_, *zone_, run->scheduled, utc("2026-06-01T17:00:00Z")));
}

TEST_F(ScheduleTest, MomentsAtTheEndsOfTimeHarmNobody) {
  const Timestamp first{std::numeric_limits<std::int64_t>::min()},
      last{std::numeric_limits<std::int64_t>::max()};
  EXPECT_TRUE(dueRun(schedule_, *zone_, first, utc("2026-06-01T17:00:00Z")));
  EXPECT_TRUE(dueRun(schedule_, *zone_, last, utc("2026-06-01T17:00:00Z")));
}

// The machine's zone is the one of TZ; this process has one thread here.
class MachineZoneTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* zone = std::getenv("TZ");
    if (zone != nullptr) before_ = zone;
    setenv("TZ", "America/Chicago", 1);
    tzset();
  }
  void TearDown() override {
    if (before_)
      setenv("TZ", before_->c_str(), 1);
    else
      unsetenv("TZ");
    tzset();
  }
  std::optional<std::string> before_;
};

TEST_F(MachineZoneTest, SaysWhatTheZoneOfThatNameSays) {
  const auto named = TimeZone::named("America/Chicago");
  const Schedule schedule{.times = {at("01:30"), at("02:30"), at("12:00")}};
  Timestamp by_machine = utc("2026-01-01T00:00:00Z"), by_name = by_machine;
  for (int i = 0; i < 3 * 365; ++i) {
    by_machine = nextRun(schedule, TimeZone::machine(), by_machine).value();
    by_name = nextRun(schedule, *named, by_name).value();
    ASSERT_EQ(text(by_machine), text(by_name));
  }
}

}  // namespace
}  // namespace enamel::service
