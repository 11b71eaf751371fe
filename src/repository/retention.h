#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "repository/snapshot.h"

namespace enamel::repository {

// A span of the calendar: "1y5m7d2h". Days and months are as long as the calendar says.
struct CalendarSpan {
  int years = 0, months = 0, days = 0, hours = 0;

  bool empty() const { return years == 0 && months == 0 && days == 0 && hours == 0; }
  // The moment that far before `time`, in the machine's time zone.
  Timestamp before(Timestamp time) const;
  friend bool operator==(const CalendarSpan&, const CalendarSpan&) = default;
};
// nullopt if it is none: no number, a unit twice or unknown, more than 9999 of one.
std::optional<CalendarSpan> parseCalendarSpan(std::string_view text);
std::string formatCalendarSpan(const CalendarSpan& span);

// What restic's `forget` takes (its documentation, "Removing snapshots according to a policy").
struct KeepPolicy {
  static constexpr int kAll = -1;

  // How many of the newest, or of the newest hours (days, ...) of which there is one; kAll for all.
  int last = 0, hourly = 0, daily = 0, weekly = 0, monthly = 0, yearly = 0;
  // Counted from the newest snapshot that is not in the future.
  CalendarSpan within, within_hourly, within_daily, within_weekly, within_monthly, within_yearly;
  // Each a list of tags of which a snapshot must have all.
  std::vector<std::vector<std::string>> tags;

  bool empty() const;
};

struct Verdict {
  Snapshot snapshot;
  std::vector<std::string> reasons;  // "daily snapshot"; empty: to be removed

  bool keep() const { return !reasons.empty(); }
};

// What the policy keeps of one group of snapshots (those of one host and the same paths), newest first. Hours
// and days are those of the machine's time zone; the oldest snapshot stands for a bucket that none fills.
//
// Stricter than restic: of several snapshots in one hour (day, ...) the newest complete one is kept, and an
// incomplete one only where there is none; hours (days, ...) and, for `last`, snapshots that are incomplete
// are counted apart, so that a backup that went wrong never pushes out one that went well; the newest
// complete one of the group (where there is none: the newest) is kept whatever the policy says; and what
// clocks that were wrong have dated after `now` is kept and counts for nothing.
std::vector<Verdict> applyPolicy(std::vector<Snapshot> group, const KeepPolicy& policy, Timestamp now);

// The snapshots by host and paths, as restic groups them.
std::vector<std::vector<Snapshot>> groupSnapshots(std::vector<Snapshot> snapshots);

}  // namespace enamel::repository
