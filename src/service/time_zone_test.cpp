#include "service/time_zone.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ctime>

#include "service/testing/step_zone.h"
#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

using namespace std::chrono;

Timestamp utc(const char* text) {
  return parseRfc3339(text).value();
}

LocalTime local(year_month_day date, int hour, int minute) {
  return LocalTime::of(sys_days(date), hour * 3600 + minute * 60);
}

TEST(TimeZone, KnowsSummerAndWinterOfAPlace) {
  const auto chicago = TimeZone::named("America/Chicago");
  EXPECT_EQ(chicago->offsetSeconds(utc("2026-01-15T12:00:00Z")), -6 * 3600);
  EXPECT_EQ(chicago->offsetSeconds(utc("2026-07-15T12:00:00Z")), -5 * 3600);
  EXPECT_EQ(chicago->toLocal(utc("2026-01-15T03:30:00Z")), local(2026y / 1 / 14, 21, 30));
  EXPECT_EQ(chicago->toMoment(local(2026y / 1 / 14, 21, 30)), utc("2026-01-15T03:30:00Z"));
}

TEST(TimeZone, ATimeThatDoesNotOccurIsMovedPastTheJump) {
  const auto chicago = TimeZone::named("America/Chicago");
  EXPECT_EQ(chicago->toMoment(local(2026y / 3 / 8, 2, 30)), utc("2026-03-08T08:30:00Z"));  // 03:30 there
  EXPECT_EQ(chicago->toMoment(local(2026y / 3 / 8, 3, 0)), utc("2026-03-08T08:00:00Z"));
  EXPECT_EQ(chicago->toMoment(local(2026y / 3 / 8, 1, 59)), utc("2026-03-08T07:59:00Z"));
}

TEST(TimeZone, OfATimeThatOccursTwiceTheFirstIsMeant) {
  const auto chicago = TimeZone::named("America/Chicago");
  EXPECT_EQ(chicago->toMoment(local(2026y / 11 / 1, 1, 30)), utc("2026-11-01T06:30:00Z"));
  EXPECT_EQ(chicago->toMoment(local(2026y / 11 / 1, 2, 0)), utc("2026-11-01T08:00:00Z"));
}

TEST(TimeZone, FarEastAndFarWestAreRightOnTheirDaysToo) {
  const auto auckland = TimeZone::named("Pacific/Auckland");
  EXPECT_EQ(auckland->toMoment(local(2026y / 9 / 27, 1, 30)), utc("2026-09-26T13:30:00Z"));
  EXPECT_EQ(auckland->toMoment(local(2026y / 9 / 27, 3, 30)), utc("2026-09-26T14:30:00Z"));
  const auto honolulu = TimeZone::named("Pacific/Honolulu");
  EXPECT_EQ(honolulu->toMoment(local(2026y / 9 / 27, 23, 59)), utc("2026-09-28T09:59:00Z"));
}

TEST(TimeZone, NamesOfNoZoneAreRefused) {
  for (const std::string& name :
       {std::string(), std::string("Mars/Olympus"), std::string("../../../etc/passwd"),
        std::string("/etc/localtime"), std::string("America/Chicago\0", 16), std::string(1 << 20, 'x'),
        std::string("\x1B[2J")}) {
    EXPECT_EQ(errorCodeOf([&] { TimeZone::named(name); }), ErrorCode::kUsage) << name.substr(0, 50);
    EXPECT_EQ(errorTextOf([&] { TimeZone::named(name); }).find('\x1B'), std::string::npos);
  }
}

TEST(TimeZone, TheMachinesIsTheOneThatLocaltimeKnows) {
  for (const std::time_t seconds : {std::time_t{-1}, std::time_t{0}, std::time_t{1'785'000'000}}) {
    std::tm tm{};
    localtime_r(&seconds, &tm);
    const LocalTime shown = TimeZone::machine().toLocal({seconds * kSecond});
    EXPECT_EQ(shown.secondsOfDay(), tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
    EXPECT_EQ(year_month_day(shown.day()).year(), year(tm.tm_year + 1900));
  }
}

TEST(LocalTime, DaysBeginAtMidnightAlsoBefore1970) {
  EXPECT_EQ(LocalTime{-1}.secondsOfDay(), 86399);
  EXPECT_EQ(LocalTime{-1}.day(), sys_days(1969y / 12 / 31));
  EXPECT_EQ(LocalTime{86400}.secondsOfDay(), 0);
}

RC_GTEST_PROP(TimeZone, AMomentsReadingMeansThatMomentOrAnEarlierOneThatReadsTheSame, ()) {
  const StepZone zone = *anyStepZone();
  const Timestamp moment = *momentNear(zone);
  const LocalTime reading = zone.toLocal(moment);
  const Timestamp back = zone.toMoment(reading);
  RC_ASSERT(zone.toLocal(back) == reading);
  RC_ASSERT(back <= moment);
}

RC_GTEST_PROP(TimeZone, LaterReadingsAreNoEarlierMomentsButWhereClocksJump, ()) {
  const StepZone zone = *anyStepZone();
  const LocalTime reading = zone.toLocal(*momentNear(zone));
  const Timestamp moment = zone.toMoment(reading);
  // A reading that does not occur is moved by the length of the jump, never more.
  const std::int64_t moved = zone.toLocal(moment).seconds - reading.seconds;
  RC_ASSERT(moved == 0);
  const LocalTime any{reading.seconds + *rc::gen::inRange<std::int64_t>(-7200, 7200)};
  const std::int64_t any_moved = zone.toLocal(zone.toMoment(any)).seconds - any.seconds;
  RC_ASSERT(any_moved == 0 || any_moved == zone.jump());
}

}  // namespace
}  // namespace enamel::service
