// Laws of the schedule, for any schedule, in any place, around any change of its clocks.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "service/schedule.h"
#include "service/testing/any_schedule.h"
#include "service/testing/step_zone.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kNsPerDay = 86400LL * 1'000'000'000;

// All runs of (after, until], one by one.
std::vector<Timestamp> runsBetween(const Schedule& schedule, const TimeZone& zone, Timestamp after,
                                   Timestamp until) {
  std::vector<Timestamp> runs;
  for (auto run = nextRun(schedule, zone, after); run && *run <= until; run = nextRun(schedule, zone, *run))
    runs.push_back(*run);
  return runs;
}

RC_GTEST_PROP(ScheduleLaws, TheNextRunIsLaterAndTheFirst, ()) {
  const StepZone zone = *anyStepZone();
  const Schedule schedule = *anySchedule();
  const Timestamp after = *momentNear(zone);
  const Timestamp next = nextRun(schedule, zone, after).value();
  RC_ASSERT(next > after);
  RC_ASSERT(next.ns <= after.ns + 10 * kNsPerDay);
  // From any moment before it on, it is the next one, too: none is between.
  const auto between = *rc::gen::inRange<std::int64_t>(after.ns, next.ns);
  RC_ASSERT(nextRun(schedule, zone, {between}) == next);
}

RC_GTEST_PROP(ScheduleLaws, NothingBeginsInTheQuietHours, ()) {
  const StepZone zone = *anyStepZone();
  const Schedule schedule = *anySchedule();
  const Timestamp after = *momentNear(zone);
  RC_PRE(schedule.quiet.has_value());
  const Timestamp next = nextRun(schedule, zone, after).value();
  const LocalTime shown = zone.toLocal(next);
  // A time (or the end of the quiet hours) that clocks jump over is moved by that jump, and may then be in
  // them.
  RC_PRE(zone.jump() <= 0 || next.ns / 1'000'000'000 > zone.step() + 7200 ||
         next.ns / 1'000'000'000 < zone.step());
  RC_ASSERT(!schedule.quiet->hold({shown.secondsOfDay() / 60}));
}

// Each time of each chosen day runs once: as many runs as there are different readings, on any day of all.
RC_GTEST_PROP(ScheduleLaws, EachTimeOfEachDayRunsOnceAlsoWhereClocksChange, ()) {
  const StepZone zone = *anyStepZone();
  Schedule schedule = *anySchedule();
  schedule.quiet.reset();
  const auto day =
      zone.toLocal({zone.step() * 1'000'000'000}).day() + std::chrono::days(*rc::gen::inRange(-2, 3));
  std::set<std::int64_t> moments;
  if (schedule.days[std::chrono::weekday(day).iso_encoding() - 1])
    for (const TimeOfDay time : schedule.times)
      moments.insert(zone.toMoment(LocalTime::of(day, time.minutes * 60)).ns);
  std::set<std::int64_t> found;
  const Timestamp begin = zone.toMoment(LocalTime::of(day, 0));
  const Timestamp end = zone.toMoment(LocalTime::of(day + std::chrono::days(1), 0));
  for (const Timestamp run : runsBetween(schedule, zone, {begin.ns - 1}, {end.ns - 1}))
    if (zone.toLocal(run).day() == day) RC_ASSERT(found.insert(run.ns).second);
  // Midnight itself may be jumped over: those runs are the next day's on the clock.
  for (const std::int64_t moment : moments)
    RC_ASSERT(found.count(moment) == 1 || zone.toLocal({moment}).day() != day);
  RC_ASSERT(found.size() <= moments.size() + schedule.times.size());
}

// A scheduler that looks at the clock now and then, with any pauses (a computer that is off): every run it
// makes stands for one or more of the schedule's, and with those it says it missed they are all of them.
RC_GTEST_PROP(ScheduleLaws, EveryRunIsMadeOrCountedAsMissedExactlyOnce, ()) {
  const StepZone zone = *anyStepZone();
  const Schedule schedule = *anySchedule();
  const Timestamp begin = *momentNear(zone);
  Timestamp now = begin, last = begin;
  std::size_t accounted = 0;
  for (const std::int64_t pause_minutes :
       *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 3 * 24 * 60))) {
    now.ns += pause_minutes * 60'000'000'000;
    if (const auto due = dueRun(schedule, zone, last, now)) {
      RC_ASSERT(due->scheduled > last);
      RC_ASSERT(due->scheduled <= now);
      accounted += 1 + due->missed_before;
      last = due->scheduled;
      RC_ASSERT(!dueRun(schedule, zone, last, now));
    }
  }
  RC_ASSERT(accounted == runsBetween(schedule, zone, begin, last).size());
}

// Whatever was written as the last run, and however the clock jumped: within ten days and the trust in the
// clock, a backup is due.
RC_GTEST_PROP(ScheduleLaws, NoClockStopsTheBackupsForLong, (std::int64_t last_ns)) {
  const StepZone zone = *anyStepZone();
  Schedule schedule = *anySchedule();
  schedule.quiet.reset();
  const Timestamp now = *momentNear(zone);
  bool due = false;
  for (int day = 0; day <= 12; ++day)
    due = due || dueRun(schedule, zone, {last_ns}, {now.ns + day * kNsPerDay}).has_value();
  RC_ASSERT(due);
}

RC_GTEST_PROP(ScheduleLaws, TimesOfDayGoThereAndBack, ()) {
  const TimeOfDay time{*rc::gen::inRange(0, 1440)};
  RC_ASSERT(TimeOfDay::parse(time.text()) == time);
}

}  // namespace
}  // namespace enamel::service
