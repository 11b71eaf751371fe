#include "repository/retention.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <map>
#include <utility>

namespace enamel::repository {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// Whole seconds, towards the past.
std::time_t secondsOf(Timestamp time) {
  return static_cast<std::time_t>(time.ns / kNsPerSecond - (time.ns % kNsPerSecond < 0 ? 1 : 0));
}

std::tm calendarOf(Timestamp time) {
  const std::time_t seconds = secondsOf(time);
  std::tm calendar{};
  localtime_r(&seconds, &calendar);
  return calendar;
}

using Bucket = std::array<int, 4>;

Bucket hourOf(Timestamp time) {
  const std::tm t = calendarOf(time);
  return {t.tm_year, t.tm_mon, t.tm_mday, t.tm_hour};
}
Bucket dayOf(Timestamp time) {
  const std::tm t = calendarOf(time);
  return {t.tm_year, t.tm_mon, t.tm_mday};
}
// ISO 8601: a week belongs to the year that its Thursday is in.
Bucket weekOf(Timestamp time) {
  std::tm t = calendarOf(time);
  const int days_to_thursday = 3 - (t.tm_wday + 6) % 7;
  t.tm_mday += days_to_thursday;
  t.tm_hour = 12;
  t.tm_isdst = -1;
  mktime(&t);
  return {t.tm_year, t.tm_yday / 7};
}
Bucket monthOf(Timestamp time) {
  const std::tm t = calendarOf(time);
  return {t.tm_year, t.tm_mon};
}
Bucket yearOf(Timestamp time) {
  return {calendarOf(time).tm_year};
}

struct Rule {
  const char* name;
  Bucket (*bucket)(Timestamp);
  int KeepPolicy::*count;
  CalendarSpan KeepPolicy::*within;
};
constexpr Rule kRules[] = {
    {"hourly", hourOf, &KeepPolicy::hourly, &KeepPolicy::within_hourly},
    {"daily", dayOf, &KeepPolicy::daily, &KeepPolicy::within_daily},
    {"weekly", weekOf, &KeepPolicy::weekly, &KeepPolicy::within_weekly},
    {"monthly", monthOf, &KeepPolicy::monthly, &KeepPolicy::within_monthly},
    {"yearly", yearOf, &KeepPolicy::yearly, &KeepPolicy::within_yearly},
};

bool isComplete(const Snapshot& snapshot) {
  return !snapshot.hasTag(kIncompleteTag);
}

// How many buckets may still be kept: those with a complete snapshot and those without are counted apart, so
// that a month of incomplete backups does not use up what is meant for complete ones.
class Allowance {
 public:
  explicit Allowance(int count) : complete_(count), incomplete_(count) {}
  bool take(bool complete) {
    int& left = complete ? complete_ : incomplete_;
    if (left == 0) return false;
    if (left > 0) --left;
    return true;
  }
  bool usedUp() const { return complete_ == 0; }

 private:
  int complete_, incomplete_;
};

// Applies the rules to a group, newest first.
class Policy {
 public:
  Policy(std::vector<Verdict>& verdicts, const KeepPolicy& policy, Timestamp now)
      : verdicts_(verdicts), policy_(policy) {
    // Clocks that are wrong: a snapshot of the year 2099 must neither make all others old nor stand for them.
    while (first_ < verdicts_.size() && verdicts_[first_].snapshot.time > now)
      verdicts_[first_++].reasons.emplace_back("in the future");
    if (first_ < verdicts_.size()) newest_ = verdicts_[first_].snapshot.time;
  }

  void apply() {
    if (first_ == verdicts_.size()) return;
    keepTagged();
    keepLast();
    keepWithin();
    for (const Rule& rule : kRules) {
      keepCounted(rule);
      keepCountedWithin(rule);
    }
    keepNewestComplete();
  }

 private:
  void keepTagged() {
    for (std::size_t i = first_; i < verdicts_.size(); ++i) {
      const Snapshot& snapshot = verdicts_[i].snapshot;
      if (std::any_of(policy_.tags.begin(), policy_.tags.end(), [&](const std::vector<std::string>& tags) {
            return std::all_of(tags.begin(), tags.end(),
                               [&](const std::string& tag) { return snapshot.hasTag(tag); });
          }))
        verdicts_[i].reasons.emplace_back("has the tag");
    }
  }

  void keepLast() {
    Allowance allowance(policy_.last);
    for (std::size_t i = first_; i < verdicts_.size(); ++i)
      if (allowance.take(isComplete(verdicts_[i].snapshot)))
        verdicts_[i].reasons.emplace_back("last snapshot");
  }

  void keepWithin() {
    if (policy_.within.empty()) return;
    const Timestamp from = policy_.within.before(newest_);
    for (std::size_t i = first_; i < verdicts_.size(); ++i)
      if (verdicts_[i].snapshot.time > from)
        verdicts_[i].reasons.push_back("within " + formatCalendarSpan(policy_.within));
  }

  // One past the last of those from `begin` on that are in the same bucket.
  std::size_t bucketEnd(const Rule& rule, std::size_t begin) const {
    const Bucket bucket = rule.bucket(verdicts_[begin].snapshot.time);
    std::size_t end = begin + 1;
    while (end < verdicts_.size() && rule.bucket(verdicts_[end].snapshot.time) == bucket) ++end;
    return end;
  }

  Verdict& bestOf(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      if (isComplete(verdicts_[i].snapshot)) return verdicts_[i];
    return verdicts_[begin];
  }

  void keepCounted(const Rule& rule) {
    if (policy_.*rule.count == 0) return;
    Allowance allowance(policy_.*rule.count);
    for (std::size_t begin = first_, end = 0; begin < verdicts_.size(); begin = end) {
      end = bucketEnd(rule, begin);
      Verdict& best = bestOf(begin, end);
      if (allowance.take(isComplete(best.snapshot)))
        best.reasons.push_back(std::string(rule.name) + " snapshot");
    }
    // As much history as there is, where there are fewer buckets than were asked for.
    if (!allowance.usedUp()) keepOldest(std::string("oldest ") + rule.name + " snapshot");
  }

  void keepCountedWithin(const Rule& rule) {
    const CalendarSpan& within = policy_.*rule.within;
    if (within.empty()) return;
    const std::string reason = std::string(rule.name) + " within " + formatCalendarSpan(within);
    const Timestamp from = within.before(newest_);
    for (std::size_t begin = first_, next = 0; begin < verdicts_.size(); begin = next) {
      std::size_t end = next = bucketEnd(rule, begin);
      while (end > begin && verdicts_[end - 1].snapshot.time <= from) --end;
      if (end > begin) bestOf(begin, end).reasons.push_back(reason);
    }
    if (verdicts_.back().snapshot.time > from) keepOldest("oldest " + reason);
  }

  void keepOldest(const std::string& reason) {
    if (!verdicts_.back().keep()) verdicts_.back().reasons.push_back(reason);
  }

  void keepNewestComplete() {
    Verdict& best = bestOf(first_, verdicts_.size());
    if (!best.keep())
      best.reasons.emplace_back(isComplete(best.snapshot) ? "newest complete snapshot" : "newest snapshot");
  }

  std::vector<Verdict>& verdicts_;
  const KeepPolicy& policy_;
  std::size_t first_ = 0;  // that is not in the future
  Timestamp newest_;       // of that
};

}  // namespace

Timestamp CalendarSpan::before(Timestamp time) const {
  std::tm t = calendarOf(time);
  t.tm_year -= years;
  t.tm_mon -= months;
  t.tm_mday -= days;
  t.tm_isdst = -1;
  const std::int64_t fraction = time.ns - secondsOf(time) * kNsPerSecond;
  const std::int64_t seconds = static_cast<std::int64_t>(mktime(&t)) - 3600LL * hours;
  // Longer ago than a Timestamp reaches: "for ever".
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
  if (seconds <= kFirst / kNsPerSecond) return {kFirst};
  return {seconds * kNsPerSecond + fraction};
}

std::optional<CalendarSpan> parseCalendarSpan(std::string_view text) {
  constexpr int kMax = 9999;
  CalendarSpan span;
  while (!text.empty()) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      value = value * 10 + (text[digits] - '0');
      if (value > kMax) return std::nullopt;
    }
    if (digits == 0 || digits == text.size()) return std::nullopt;
    int* const part = text[digits] == 'y'   ? &span.years
                      : text[digits] == 'm' ? &span.months
                      : text[digits] == 'd' ? &span.days
                      : text[digits] == 'h' ? &span.hours
                                            : nullptr;
    if (part == nullptr || *part != 0) return std::nullopt;
    *part = value;
    text.remove_prefix(digits + 1);
  }
  return span.empty() ? std::nullopt : std::optional(span);
}

std::string formatCalendarSpan(const CalendarSpan& span) {
  std::string text;
  for (const auto& [value, unit] : {std::pair(span.years, 'y'), std::pair(span.months, 'm'),
                                    std::pair(span.days, 'd'), std::pair(span.hours, 'h')})
    if (value != 0) text += std::to_string(value) + unit;
  return text;
}

bool KeepPolicy::empty() const {
  return last == 0 && within.empty() && tags.empty() &&
         std::all_of(std::begin(kRules), std::end(kRules), [&](const Rule& rule) {
           return this->*rule.count == 0 && (this->*rule.within).empty();
         });
}

std::vector<Verdict> applyPolicy(std::vector<Snapshot> group, const KeepPolicy& policy, Timestamp now) {
  std::stable_sort(group.begin(), group.end(),
                   [](const Snapshot& a, const Snapshot& b) { return a.time > b.time; });
  std::vector<Verdict> verdicts;
  for (Snapshot& snapshot : group) verdicts.push_back({std::move(snapshot), {}});
  Policy(verdicts, policy, now).apply();
  return verdicts;
}

std::vector<std::vector<Snapshot>> groupSnapshots(std::vector<Snapshot> snapshots) {
  std::map<std::pair<std::string, std::vector<std::string>>, std::vector<Snapshot>> groups;
  for (Snapshot& snapshot : snapshots) {
    std::vector<std::string> paths = snapshot.paths;
    std::sort(paths.begin(), paths.end());
    groups[{snapshot.hostname, std::move(paths)}].push_back(std::move(snapshot));
  }
  std::vector<std::vector<Snapshot>> result;
  for (auto& [key, group] : groups) result.push_back(std::move(group));
  return result;
}

}  // namespace enamel::repository
