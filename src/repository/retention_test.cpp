#include "repository/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace enamel::repository {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Timestamp at(const std::string& time) {
  return *parseRfc3339(time + "Z");
}

// In the machine's time zone, whatever it is: what is meant is the practice's day.
Snapshot taken(const std::string& local, bool complete = true) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  EXPECT_EQ(std::sscanf(local.c_str(), "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute), 5);
  std::tm t{};
  t.tm_year = year - 1900, t.tm_mon = month - 1, t.tm_mday = day, t.tm_hour = hour, t.tm_min = minute;
  t.tm_isdst = -1;
  Snapshot snapshot;
  snapshot.time = {static_cast<std::int64_t>(mktime(&t)) * 1'000'000'000};
  snapshot.program_version = local;  // to be told by
  if (!complete) snapshot.tags = {std::string(kIncompleteTag)};
  return snapshot;
}

std::vector<std::string> kept(const std::vector<Snapshot>& group, const KeepPolicy& policy,
                              Timestamp now = at("2100-01-01T00:00:00")) {
  std::vector<std::string> names;
  for (const Verdict& verdict : applyPolicy(group, policy, now))
    if (verdict.keep()) names.push_back(verdict.snapshot.program_version);
  return names;
}

TEST(CalendarSpan, readsWhatItWrites) {
  for (const char* text : {"1y5m7d2h", "24h", "10y", "9999d"}) {
    const auto span = parseCalendarSpan(text);
    ASSERT_TRUE(span) << text;
    EXPECT_EQ(formatCalendarSpan(*span), text);
  }
  for (const char* text :
       {"", "0d", "1", "d", "1w", "1d1d", "10000d", "99999999999999999999d", "-1d", "1d ", "1 d"})
    EXPECT_FALSE(parseCalendarSpan(text)) << text;
}

TEST(Retention, keepsTheLast) {
  const std::vector<Snapshot> group = {taken("2026-11-01 08:00"), taken("2026-11-02 08:00"),
                                       taken("2026-11-03 08:00")};
  EXPECT_THAT(kept(group, {.last = 2}), ElementsAre("2026-11-03 08:00", "2026-11-02 08:00"));
  EXPECT_THAT(kept(group, {.last = KeepPolicy::kAll}).size(), 3U);
}

TEST(Retention, keepsTheNewestOfEachDayWeekMonthAndYear) {
  std::vector<Snapshot> group;
  for (const char* time : {"2025-12-30 12:00", "2025-12-31 12:00", "2026-01-01 08:00", "2026-01-01 20:00",
                           "2026-01-02 08:00", "2026-01-05 08:00"})
    group.push_back(taken(time));
  EXPECT_THAT(kept(group, {.daily = 3}),
              ElementsAre("2026-01-05 08:00", "2026-01-02 08:00", "2026-01-01 20:00"));
  // Monday, 29 December 2025 to Sunday, 4 January 2026 is one week.
  EXPECT_THAT(kept(group, {.weekly = 2}), ElementsAre("2026-01-05 08:00", "2026-01-02 08:00"));
  EXPECT_THAT(kept(group, {.monthly = 2}), ElementsAre("2026-01-05 08:00", "2025-12-31 12:00"));
  EXPECT_THAT(kept(group, {.hourly = 2}), ElementsAre("2026-01-05 08:00", "2026-01-02 08:00"));
}

TEST(Retention, theOldestStandsForWhatIsNotThereYet) {
  const std::vector<Snapshot> group = {taken("2026-11-02 08:00"), taken("2026-11-03 08:00"),
                                       taken("2026-11-04 08:00")};
  EXPECT_THAT(kept(group, {.yearly = 3}), ElementsAre("2026-11-04 08:00", "2026-11-02 08:00"));
}

TEST(Retention, withinCountsFromTheNewestThatIsNotInTheFuture) {
  const std::vector<Snapshot> group = {taken("2026-10-01 08:00"), taken("2026-11-03 08:00"),
                                       taken("2026-11-04 08:00"), taken("2099-01-01 00:00")};
  EXPECT_THAT(kept(group, {.within = *parseCalendarSpan("2d")}, at("2026-12-01T00:00:00")),
              ElementsAre("2099-01-01 00:00", "2026-11-04 08:00", "2026-11-03 08:00"));
  EXPECT_THAT(kept(group, {.within_monthly = *parseCalendarSpan("1y")}, at("2026-12-01T00:00:00")),
              ElementsAre("2099-01-01 00:00", "2026-11-04 08:00", "2026-10-01 08:00"));
}

TEST(Retention, anIncompleteBackupPushesNoCompleteOneOut) {
  const std::vector<Snapshot> group = {taken("2026-11-03 08:00"), taken("2026-11-04 08:00"),
                                       taken("2026-11-04 20:00", false), taken("2026-11-05 08:00", false)};
  EXPECT_THAT(kept(group, {.daily = 2}),
              ElementsAre("2026-11-05 08:00", "2026-11-04 08:00", "2026-11-03 08:00"));
  EXPECT_THAT(kept(group, {.last = 1}), ElementsAre("2026-11-05 08:00", "2026-11-04 08:00"))
      << "one of each kind";
}

TEST(Retention, incompleteBackupsAreCountedApart) {
  std::vector<Snapshot> group;
  for (int day = 1; day <= 4; ++day) group.push_back(taken("2026-11-0" + std::to_string(day) + " 08:00"));
  for (int day = 5; day <= 9; ++day)
    group.push_back(taken("2026-11-0" + std::to_string(day) + " 08:00", false));
  EXPECT_THAT(kept(group, {.daily = 4}),
              ElementsAre("2026-11-09 08:00", "2026-11-08 08:00", "2026-11-07 08:00", "2026-11-06 08:00",
                          "2026-11-04 08:00", "2026-11-03 08:00", "2026-11-02 08:00", "2026-11-01 08:00"));
  EXPECT_THAT(kept(group, {.last = 2}),
              ElementsAre("2026-11-09 08:00", "2026-11-08 08:00", "2026-11-04 08:00", "2026-11-03 08:00"));
}

TEST(Retention, whatIsDatedInTheFutureStaysAndStandsForNothing) {
  const std::vector<Snapshot> group = {taken("2026-11-03 08:00"), taken("2026-11-04 08:00"),
                                       taken("2099-01-01 00:00")};
  for (const KeepPolicy& policy : {KeepPolicy{.last = 1}, KeepPolicy{.daily = 1}, KeepPolicy{.yearly = 1}})
    EXPECT_THAT(kept(group, policy, at("2026-12-01T00:00:00")),
                ElementsAre("2099-01-01 00:00", "2026-11-04 08:00"));
}

TEST(Retention, whereNoneIsCompleteTheNewestStays) {
  const std::vector<Snapshot> group = {taken("2026-11-03 08:00", false), taken("2026-11-04 08:00", false)};
  EXPECT_THAT(kept(group, {.tags = {{"paper"}}}), ElementsAre("2026-11-04 08:00"));
  EXPECT_THAT(kept({}, {.last = 1}), IsEmpty());
}

TEST(Retention, aSpanLongerThanTimeKeepsAll) {
  const std::vector<Snapshot> group = {taken("1971-01-01 08:00"), taken("2026-11-04 08:00")};
  for (const char* span : {"200y", "349y", "999y", "9999y", "9999y9999m9999d9999h"}) {
    EXPECT_EQ(kept(group, {.within = *parseCalendarSpan(span)}).size(), 2U) << span;
    EXPECT_EQ(kept(group, {.within_monthly = *parseCalendarSpan(span)}).size(), 2U) << span;
  }
}

TEST(Retention, tagsKeepAlways) {
  std::vector<Snapshot> group = {taken("2026-11-03 08:00"), taken("2026-11-04 08:00")};
  group[0].tags = {"before-move", "paper"};
  EXPECT_THAT(kept(group, {.last = 1, .tags = {{"paper", "before-move"}}}).size(), 2U);
  EXPECT_THAT(kept(group, {.last = 1, .tags = {{"paper", "other"}}}).size(), 1U);
}

TEST(Retention, groupsByHostAndPaths) {
  std::vector<Snapshot> all(4);
  all[0].hostname = all[1].hostname = all[2].hostname = "a";
  all[0].paths = {"/x", "/y"};
  all[1].paths = {"/y", "/x"};
  const auto groups = groupSnapshots(all);
  EXPECT_EQ(groups.size(), 3U);
  EXPECT_THAT(groupSnapshots({}), IsEmpty());
}

RC_GTEST_PROP(RetentionProp, moreIsNeverLess, ()) {
  const auto hours = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5000));
  std::vector<Snapshot> group;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    Snapshot snapshot;
    snapshot.time = {at("2026-01-01T00:00:00").ns + hours[i] * 3'600'000'000'000 +
                     static_cast<std::int64_t>(i)};
    snapshot.program_version = std::to_string(i);
    if (*rc::gen::inRange(0, 4) == 0) snapshot.tags = {std::string(kIncompleteTag)};
    group.push_back(snapshot);
  }
  const auto counts = *rc::gen::container<std::vector<int>>(5, rc::gen::inRange(0, 4));
  const KeepPolicy small{
      .last = counts[0], .hourly = counts[1], .daily = counts[2], .weekly = counts[3], .monthly = counts[4]};
  KeepPolicy large = small;
  const auto more = *rc::gen::inRange(0, 3);
  (more == 0 ? large.last : more == 1 ? large.hourly : large.daily) += 1;
  large.yearly = 2;
  const auto few = kept(group, small), many = kept(group, large);
  for (const std::string& name : few) RC_ASSERT(std::count(many.begin(), many.end(), name) == 1);

  const auto verdicts = applyPolicy(group, small, at("2100-01-01T00:00:00"));
  const auto newest = std::find_if(verdicts.begin(), verdicts.end(),
                                   [](const Verdict& v) { return !v.snapshot.hasTag(kIncompleteTag); });
  if (newest != verdicts.end()) RC_ASSERT(newest->keep());
}

}  // namespace
}  // namespace enamel::repository
