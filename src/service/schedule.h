#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "service/time_zone.h"

namespace enamel::service {

// A time of day on the clock at the wall, to the minute.
struct TimeOfDay {
  int minutes = 0;  // since midnight, 0 to 1439

  // "07:30".
  std::string text() const;
  // nullopt unless it is HH:MM.
  static std::optional<TimeOfDay> parse(std::string_view text);

  friend auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};

// From the one time until just before the other, past midnight if `to` is the earlier one.
struct QuietHours {
  TimeOfDay from, to;  // never equal

  bool hold(TimeOfDay time) const;
  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

// When something runs by itself. A time that falls into the quiet hours runs at their end instead.
struct Schedule {
  std::vector<TimeOfDay> times;                                           // none: never
  std::array<bool, 7> days = {true, true, true, true, true, true, true};  // Monday first
  std::optional<QuietHours> quiet;

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// All functions here are pure: what they say depends on their arguments alone. `zone` is usually
// TimeZone::machine(). Each time of each day runs once, also on days when clocks are changed: one that does
// not occur runs as TimeZone::toMoment() moves it, one that occurs twice runs at the first. Times that come
// to the same moment (both in the quiet hours, or moved onto each other) are one run.

// The first run after that moment; nullopt if there is none, as nothing is scheduled.
std::optional<Timestamp> nextRun(const Schedule& schedule, const TimeZone& zone, Timestamp after);

// A run that should begin now.
struct DueRun {
  Timestamp scheduled;              // the newest moment it stands for
  std::uint64_t missed_before = 0;  // older ones that passed as well, and that this one makes up for
  friend bool operator==(const DueRun&, const DueRun&) = default;
};

// Is a run due? last: the `scheduled` (or the begin) of the run before, or when the schedule was switched on.
// - What was missed while the computer was off, or because the clock jumped ahead, is caught up by one run,
// after
//   the quiet hours if it is in them. Missed ones are counted back kCountedDays at most.
// - A clock that was set back by less than kClockTrusted starts nothing a second time. One set back further
// shows
//   that `last` was written by a wrong clock: `last` is then taken for `now` less kClockTrusted, as one
//   backup too many is better than none until that clock's time has come.
inline constexpr std::int64_t kClockTrustedSeconds = 24LL * 3600;
inline constexpr int kCountedDays = 60;
std::optional<DueRun> dueRun(const Schedule& schedule, const TimeZone& zone, Timestamp last, Timestamp now);

}  // namespace enamel::service
