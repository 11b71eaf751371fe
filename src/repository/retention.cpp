#include "repository/retention.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <functional>
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

// Applies the rules to a group, newest first.
class Policy {
 public:
  Policy(std::vector<Verdict>& verdicts, const KeepPolicy& policy, Timestamp now)
      : verdicts_(verdicts), policy_(policy) {
    // Clocks that are wrong: a snapshot of the year 2099 must not make all others old.
    for (const Verdict& verdict : verdicts_)
      if (verdict.snapshot.time <= now) newest_ = std::max(newest_, verdict.snapshot.time);
  }

  void apply() {
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
    for (Verdict& verdict : verdicts_)
      for (const auto& tags : policy_.tags)
        if (std::all_of(tags.begin(), tags.end(),
                        [&](const std::string& tag) { return verdict.snapshot.hasTag(tag); }))
          verdict.reasons.emplace_back("has the tag");
  }

  void keepLast() {
    int left = policy_.last;
    for (Verdict& verdict : verdicts_) {
      if (left == 0) return;
      verdict.reasons.emplace_back("last snapshot");
      if (left > 0) --left;
    }
  }

  void keepWithin() {
    if (policy_.within.empty()) return;
    const Timestamp from = policy_.within.before(newest_);
    for (Verdict& verdict : verdicts_)
      if (verdict.snapshot.time > from)
        verdict.reasons.push_back("within " + formatCalendarSpan(policy_.within));
  }

  // The verdicts from first on that are in the same bucket, one past the last.
  std::size_t bucketEnd(const Rule& rule, std::size_t first) const {
    const Bucket bucket = rule.bucket(verdicts_[first].snapshot.time);
    std::size_t end = first + 1;
    while (end < verdicts_.size() && rule.bucket(verdicts_[end].snapshot.time) == bucket) ++end;
    return end;
  }

  Verdict& bestOf(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i)
      if (isComplete(verdicts_[i].snapshot)) return verdicts_[i];
    return verdicts_[first];
  }

  void keepCounted(const Rule& rule) {
    int left = policy_.*rule.count;
    for (std::size_t first = 0; first < verdicts_.size() && left != 0;) {
      const std::size_t end = bucketEnd(rule, first);
      bestOf(first, end).reasons.push_back(std::string(rule.name) + " snapshot");
      if (left > 0) --left;
      first = end;
    }
    // As much history as there is, where there are fewer buckets than were asked for.
    if (left != 0) keepOldest(std::string("oldest ") + rule.name + " snapshot");
  }

  void keepCountedWithin(const Rule& rule) {
    const CalendarSpan& within = policy_.*rule.within;
    if (within.empty()) return;
    const std::string reason = std::string(rule.name) + " within " + formatCalendarSpan(within);
    const Timestamp from = within.before(newest_);
    for (std::size_t first = 0; first < verdicts_.size();) {
      std::size_t end = bucketEnd(rule, first);
      const std::size_t next = end;
      while (end > first && verdicts_[end - 1].snapshot.time <= from) --end;
      if (end > first) bestOf(first, end).reasons.push_back(reason);
      first = next;
    }
    if (!verdicts_.empty() && verdicts_.back().snapshot.time > from) keepOldest("oldest " + reason);
  }

  void keepOldest(const std::string& reason) {
    if (!verdicts_.empty() && !verdicts_.back().keep()) verdicts_.back().reasons.push_back(reason);
  }

  void keepNewestComplete() {
    const auto complete = std::find_if(verdicts_.begin(), verdicts_.end(),
                                       [](const Verdict& v) { return isComplete(v.snapshot); });
    if (complete != verdicts_.end() && !complete->keep())
      complete->reasons.emplace_back("newest complete snapshot");
  }

  std::vector<Verdict>& verdicts_;
  const KeepPolicy& policy_;
  Timestamp newest_;
};

}  // namespace

Timestamp CalendarSpan::before(Timestamp time) const {
  std::tm t = calendarOf(time);
  t.tm_year -= years;
  t.tm_mon -= months;
  t.tm_mday -= days;
  t.tm_isdst = -1;
  const std::int64_t fraction = time.ns - secondsOf(time) * kNsPerSecond;
  return {(static_cast<std::int64_t>(mktime(&t)) - 3600LL * hours) * kNsPerSecond + fraction};
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
