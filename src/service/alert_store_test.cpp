#include "service/alert_store.h"

#include <gtest/gtest.h>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kHour = 3600 * kSecond;
const std::string kMail = "email";

class AlertStoreTest : public testing::Test {
 protected:
  static AlertCondition condition(const std::string& code,
                                  AlertSeverity severity = AlertSeverity::kCritical) {
    return {.code = code,
            .severity = severity,
            .title = "title",
            .detail = "detail",
            .advice = "advice",
            .run = {}};
  }
  std::vector<Alert> see(std::vector<AlertCondition> conditions, std::set<std::string> unknown = {}) {
    return store_.update({.conditions = std::move(conditions), .unknown = std::move(unknown)},
                         state_.clock.now());
  }
  void pass(std::int64_t ns) { state_.clock.time.ns += ns; }
  // "begins backup_failed", for each that is due, told with that outcome.
  std::vector<std::string> tell(const std::string& error = {}) {
    const std::vector<DueNews> due = store_.due(kMail, state_.clock.now());
    store_.recordTelling(kMail, due, state_.clock.now(), error);
    std::vector<std::string> texts;
    for (const DueNews& news : due) texts.push_back(std::string(name(news.news)) + " " + news.alert.code);
    return texts;
  }
  using Texts = std::vector<std::string>;

  TestState state_;
  AlertStore store_{state_.database};
};

TEST_F(AlertStoreTest, oneConditionIsOneAlertHoweverOftenItIsSeen) {
  const std::vector<Alert> begun = see({condition("backup_failed")});
  ASSERT_EQ(begun.size(), 1U);
  const Timestamp since = state_.clock.now();
  for (int i = 0; i < 5; ++i) {
    pass(kHour);
    EXPECT_TRUE(see({condition("backup_failed")}).empty());
  }
  const std::vector<Alert> active = store_.active();
  ASSERT_EQ(active.size(), 1U);
  EXPECT_EQ(active[0].id, begun[0].id);
  EXPECT_EQ(active[0].since, since);
  EXPECT_EQ(active[0].last_seen, state_.clock.now());
  AlertCondition other = condition("backup_failed");
  other.detail = "another reason";
  other.run = 7;
  const std::vector<Alert> changed = see({other});
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].id, begun[0].id);
  EXPECT_EQ(changed[0].detail, "another reason");
  EXPECT_EQ(changed[0].run, 7);
}

TEST_F(AlertStoreTest, whatIsNotSeenAnyMoreIsOverButNotWhatCouldNotBeLookedAt) {
  see({condition("destination_full"), condition("backup_failed")});
  pass(kHour);
  const std::vector<Alert> changed = see({}, {"destination_full"});
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].code, "backup_failed");
  EXPECT_EQ(changed[0].ended, state_.clock.now());
  ASSERT_EQ(store_.active().size(), 1U);
  EXPECT_EQ(store_.active()[0].code, "destination_full");
}

TEST_F(AlertStoreTest, theyOutliveTheProcess) {
  see({condition("backup_failed")});
  tell();
  AlertStore again(state_.database);
  ASSERT_EQ(again.active().size(), 1U);
  EXPECT_EQ(again.active()[0].told.at(0).channel, kMail);
  EXPECT_TRUE(again.due(kMail, state_.clock.now()).empty());
}

TEST_F(AlertStoreTest, peopleAreToldOnceAndAgainEachDayAndAtTheEnd) {
  see({condition("drill_failed"), condition("backup_failed", AlertSeverity::kWarning)});
  EXPECT_EQ(tell(), (Texts{"begins drill_failed", "begins backup_failed"}));
  for (int hour = 1; hour < 24; ++hour) {
    pass(kHour);
    see({condition("drill_failed"), condition("backup_failed", AlertSeverity::kWarning)});
    EXPECT_EQ(tell(), Texts{}) << hour;
  }
  pass(kHour);
  EXPECT_EQ(tell(), Texts{"lasts drill_failed"});
  EXPECT_EQ(tell(), Texts{});
  see({});
  EXPECT_EQ(tell(), (Texts{"ends drill_failed", "ends backup_failed"}));
  EXPECT_EQ(tell(), Texts{});
}

TEST_F(AlertStoreTest, whatFlickersIsToldAtMostTwiceAnHour) {
  int told = 0;
  for (int minute = 0; minute < 60; minute += 2) {
    see({condition("destination_gone")});
    told += static_cast<int>(tell().size());
    pass(60 * kSecond);
    see({});
    told += static_cast<int>(tell().size());
    pass(60 * kSecond);
  }
  EXPECT_EQ(told, 2);
  EXPECT_EQ(store_.page({}, 100).size(), 1U) << "it is one alert";
  pass(kHour);
  see({condition("destination_gone")});
  EXPECT_EQ(tell(), Texts{"begins destination_gone"});
  EXPECT_EQ(store_.page({}, 100).size(), 2U) << "after an hour it is another one";
}

TEST_F(AlertStoreTest, whatNobodyCouldBeToldIsTriedAgainAndItsErrorIsSeen) {
  see({condition("backup_failed")});
  EXPECT_EQ(tell("no such host"), Texts{"begins backup_failed"});
  EXPECT_EQ(store_.active()[0].told.at(0).error, "no such host");
  EXPECT_EQ(tell(), Texts{"begins backup_failed"});
  EXPECT_EQ(store_.active()[0].told.at(0).error, "");
  EXPECT_EQ(tell(), Texts{});
  see({});
  EXPECT_EQ(tell("no such host"), Texts{"ends backup_failed"});
  EXPECT_EQ(tell(), Texts{"ends backup_failed"});
}

TEST_F(AlertStoreTest, whatNobodyHeardOfNeedsNoEnd) {
  see({condition("backup_failed")});
  tell("no such host");
  see({});
  EXPECT_EQ(tell(), Texts{});
}

TEST_F(AlertStoreTest, anEndThatCannotBeToldForADayIsLetGo) {
  see({condition("backup_failed")});
  tell();
  see({});
  EXPECT_EQ(tell("no such host"), Texts{"ends backup_failed"});
  pass(24 * kHour);
  EXPECT_EQ(tell(), Texts{});
}

TEST_F(AlertStoreTest, mutedOnesAreQuietUntilTheyEnd) {
  see({condition("drill_failed")});
  tell();
  const std::int64_t id = store_.active()[0].id;
  EXPECT_EQ(store_.mute(id, {state_.clock.now().ns + 48 * kHour})->muted_until->ns,
            state_.clock.now().ns + 48 * kHour);
  pass(30 * kHour);
  EXPECT_EQ(tell(), Texts{});
  pass(18 * kHour);
  EXPECT_EQ(tell(), Texts{"lasts drill_failed"});
  store_.mute(id, {state_.clock.now().ns + 48 * kHour});
  see({});
  EXPECT_EQ(tell(), Texts{"ends drill_failed"});
  EXPECT_FALSE(store_.mute(99, {}));
}

TEST_F(AlertStoreTest, aClockThatWasAheadKeepsNothingBack) {
  pass(1000 * kHour);
  see({condition("drill_failed")});
  tell();
  pass(-1000 * kHour);
  EXPECT_EQ(tell(), Texts{"lasts drill_failed"});
  EXPECT_EQ(tell(), Texts{});
}

TEST_F(AlertStoreTest, pagesAreNewestFirstAndOldOnesAreForgotten) {
  see({condition("backup_failed")});
  see({condition("drill_failed")});
  EXPECT_EQ(store_.page({}, 100).at(0).code, "drill_failed");
  EXPECT_EQ(store_.page(true, 100).at(0).code, "backup_failed");
  EXPECT_EQ(store_.page(false, 100).at(0).code, "drill_failed");
  EXPECT_EQ(store_.page({}, 1).size(), 1U);
  EXPECT_EQ(store_.page({}, 100, store_.page({}, 1)[0].id).at(0).code, "backup_failed");
  pass(401 * 24 * kHour);
  see({condition("drill_failed")});
  EXPECT_TRUE(store_.page(true, 100).empty());
  EXPECT_EQ(store_.page(false, 100).size(), 1U);
}

TEST_F(AlertStoreTest, aRepositoryIsWatchedSinceItWasFirstSeen) {
  const Timestamp first = state_.clock.now();
  EXPECT_EQ(store_.watchedSince("/a", first), first);
  pass(kHour);
  EXPECT_EQ(store_.watchedSince("/a", state_.clock.now()), first);
  EXPECT_EQ(store_.watchedSince("/b", state_.clock.now()), state_.clock.now());
}

}  // namespace
}  // namespace enamel::service
