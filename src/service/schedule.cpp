#include "service/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace enamel::service {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

int digitPair(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : 1000; };
  return digit(text[0]) * 10 + digit(text[1]);
}

bool runsOn(const Schedule& schedule, sys_days day) {
  const unsigned monday_is_1 = std::chrono::weekday(day).iso_encoding();
  return schedule.days[monday_is_1 - 1];
}

// Where on the wall's clock a time of that day runs: itself, or the end of the quiet hours it falls into.
LocalTime placed(const Schedule& schedule, sys_days day, TimeOfDay time) {
  const auto& quiet = schedule.quiet;
  if (!quiet || !quiet->hold(time)) return LocalTime::of(day, time.minutes * 60);
  const bool ends_next_day = time > quiet->to;
  return LocalTime::of(ends_next_day ? day + days(1) : day, quiet->to.minutes * 60);
}

// All runs whose day (before the quiet hours move them) is one of these, in order, each once.
std::vector<Timestamp> runsOfDays(const Schedule& schedule, const TimeZone& zone, sys_days first,
                                  sys_days last) {
  std::vector<Timestamp> runs;
  for (sys_days day = first; day <= last; day += days(1)) {
    if (!runsOn(schedule, day)) continue;
    for (const TimeOfDay time : schedule.times) runs.push_back(zone.toMoment(placed(schedule, day, time)));
  }
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  return runs;
}

bool isQuiet(const Schedule& schedule, const TimeZone& zone, Timestamp now) {
  return schedule.quiet && schedule.quiet->hold({zone.toLocal(now).secondsOfDay() / 60});
}

}  // namespace

std::string TimeOfDay::text() const {
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::optional<TimeOfDay> TimeOfDay::parse(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digitPair(text.substr(0, 2)), minute = digitPair(text.substr(3, 2));
  if (hour > 23 || minute > 59) return std::nullopt;
  return TimeOfDay{hour * 60 + minute};
}

bool QuietHours::hold(TimeOfDay time) const {
  return from < to ? from <= time && time < to : from <= time || time < to;
}

std::optional<Timestamp> nextRun(const Schedule& schedule, const TimeZone& zone, Timestamp after) {
  const sys_days today = zone.toLocal(after).day();
  // Yesterday's may have been moved to today, and clocks may have been changed across midnight; of the days
  // of a week and one more, one at least is a day of the schedule and to come.
  for (const Timestamp run : runsOfDays(schedule, zone, today - days(2), today + days(9)))
    if (run > after) return run;
  return std::nullopt;
}

std::optional<DueRun> dueRun(const Schedule& schedule, const TimeZone& zone, Timestamp last, Timestamp now) {
  constexpr std::int64_t kTrustedNs = kClockTrustedSeconds * kNsPerSecond;
  const Timestamp since{last.ns > now.ns + kTrustedNs ? now.ns - kTrustedNs : last.ns};
  if (since >= now || isQuiet(schedule, zone, now)) return std::nullopt;
  const sys_days today = zone.toLocal(now).day();
  std::optional<DueRun> due;
  const sys_days oldest = std::max(zone.toLocal(since).day() - days(2), today - days(kCountedDays));
  for (const Timestamp run : runsOfDays(schedule, zone, oldest, today + days(1))) {
    if (run <= since || run > now) continue;
    due = DueRun{.scheduled = run, .missed_before = due ? due->missed_before + 1 : 0};
  }
  return due;
}

}  // namespace enamel::service
