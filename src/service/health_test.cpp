#include "service/health.h"

#include <gtest/gtest.h>

#include "service/testing/fixed_zone.h"

namespace enamel::service {
namespace {

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() {
    config_.schedule = {.times = {{12 * 60}, {20 * 60}}};
    config_.drills.schedule = {};
  }

  static service::Run run(std::int64_t id, RunState state, const char* started) {
    service::Run made;
    made.id = id;
    made.state = state;
    made.queued = parseRfc3339(started).value();
    made.started = made.ended = made.queued;
    return made;
  }
  Health at(const char* time) {
    facts_.now = parseRfc3339(time).value();
    return healthOf(config_, utc_, facts_);
  }

  Utc utc_;
  Config config_;
  HealthFacts facts_;
};

TEST_F(HealthTest, withoutABackupNothingIsSafe) {
  facts_.last_backup = run(1, RunState::kFailed, "2026-11-27T12:00:00Z");
  const Health health = at("2026-11-27T13:00:00Z");
  EXPECT_EQ(health.state, HealthState::kUnsafe);
  EXPECT_EQ(health.code, "no_backup");
  EXPECT_FALSE(health.safe_as_of);
}

TEST_F(HealthTest, safeIsCompleteInTimeAndDrilled) {
  facts_.last_good_backup = facts_.last_backup = run(5, RunState::kDone, "2026-11-27T12:00:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "never_drilled");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-27T12:30:00Z");
  const Health health = at("2026-11-27T13:00:00Z");
  EXPECT_EQ(health.state, HealthState::kSafe);
  EXPECT_EQ(health.code, "safe");
  EXPECT_EQ(formatRfc3339(health.safe_as_of.value()), "2026-11-27T12:00:00Z");
  EXPECT_EQ(formatRfc3339(health.proven_at.value()), "2026-11-27T12:30:00Z");
}

TEST_F(HealthTest, aBackupIsOverdueTwoHoursAfterItsTime) {
  facts_.last_good_backup = facts_.last_backup = run(5, RunState::kDone, "2026-11-27T12:00:05Z");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-27T12:30:00Z");
  EXPECT_EQ(at("2026-11-27T22:00:00Z").code, "safe");
  const Health health = at("2026-11-27T22:00:01Z");
  EXPECT_EQ(health.state, HealthState::kUnsafe);
  EXPECT_EQ(health.code, "overdue");
  EXPECT_EQ(formatRfc3339(health.safe_as_of.value()), "2026-11-27T12:00:05Z");
}

TEST_F(HealthTest, withoutASchedulePeopleHaveADay) {
  config_.schedule = {};
  facts_.last_good_backup = facts_.last_backup = run(5, RunState::kDone, "2026-11-27T12:00:00Z");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-27T12:30:00Z");
  EXPECT_EQ(at("2026-11-28T12:00:00Z").code, "safe");
  EXPECT_EQ(at("2026-11-28T12:00:01Z").code, "overdue");
}

TEST_F(HealthTest, whatWentWrongSinceIsSaid) {
  facts_.last_good_backup = run(5, RunState::kDone, "2026-11-27T12:00:00Z");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-27T12:30:00Z");
  facts_.last_backup = run(7, RunState::kFailed, "2026-11-27T12:40:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "last_failed");
  facts_.last_backup = run(7, RunState::kIncomplete, "2026-11-27T12:40:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "last_incomplete");
  facts_.last_backup = run(4, RunState::kFailed, "2026-11-27T11:40:00Z");  // before the good one
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "safe");
  facts_.last_drill = run(8, RunState::kFailed, "2026-11-27T12:50:00Z");
  const Health health = at("2026-11-27T13:00:00Z");
  EXPECT_EQ(health.code, "drill_failed");
  EXPECT_EQ(health.state, HealthState::kWarning);
  EXPECT_FALSE(health.proven_at);
}

TEST_F(HealthTest, aDamagedRepositoryIsUnsafe) {
  facts_.last_good_backup = facts_.last_backup = run(5, RunState::kDone, "2026-11-27T12:00:00Z");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-27T12:30:00Z");
  facts_.last_check = run(7, RunState::kFailed, "2026-11-27T12:40:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "damaged");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").state, HealthState::kUnsafe);
  facts_.last_check = run(8, RunState::kDone, "2026-11-27T12:50:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "safe");
}

TEST_F(HealthTest, drillsThatStoppedAreSaid) {
  config_.drills.schedule = {.times = {{5 * 60}}, .days = {false, false, false, false, false, false, true}};
  facts_.last_good_backup = facts_.last_backup = run(9, RunState::kDone, "2026-11-24T12:00:00Z");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-15T05:00:00Z");  // a Sunday
  EXPECT_EQ(at("2026-11-24T13:00:00Z").code, "drill_overdue");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-22T05:00:00Z");
  EXPECT_EQ(at("2026-11-24T13:00:00Z").code, "safe");
}

TEST_F(HealthTest, aBackupDatedAheadByAWrongClockIsNotTrusted) {
  facts_.last_good_backup = facts_.last_backup = run(5, RunState::kDone, "2027-11-27T12:00:00Z");
  facts_.last_drill = run(6, RunState::kDone, "2026-11-27T12:30:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z").code, "overdue");
}

}  // namespace
}  // namespace enamel::service
