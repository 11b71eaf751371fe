#include "service/alert_conditions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "service/testing/fixed_zone.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kHour = 3600LL * 1'000'000'000;

class AlertConditionsTest : public testing::Test {
 protected:
  // A practice in which all is well.
  AlertConditionsTest() {
    config_.schedule = {.times = {{12 * 60}, {20 * 60}}};
    config_.drills.schedule = {.times = {{5 * 60}}};
    config_.repository.path = "/backups";
    facts_.can_back_up = true;
    facts_.watched_since = now_;
    facts_.watched_since.ns -= 1000 * kHour;
    facts_.health.now = now_;
    facts_.health.last_good_backup = facts_.health.last_backup = run(10, RunState::kDone, 1);
    facts_.health.last_drill = run(9, RunState::kDone, 5);
    facts_.destination = DestinationFacts{.problem = {},
                                          .free_bytes = 500 * kGigabyte,
                                          .total_bytes = 1000 * kGigabyte,
                                          .snapshots = 3,
                                          .checked = now_};
    facts_.without_password.emplace();
  }

  service::Run run(std::int64_t id, RunState state, std::int64_t hours_ago) const {
    service::Run made;
    made.id = id;
    made.state = state;
    made.queued = {now_.ns - hours_ago * kHour};
    made.started = made.ended = made.queued;
    if (state == RunState::kFailed)
      made.error =
          RunError{.code = "database_unreachable", .message = "no answer", .hint = "look at the server"};
    return made;
  }
  BackupFigures figures(std::int64_t hours_ago, std::uint64_t stored) const {
    BackupFigures made;
    made.begin = {now_.ns - hours_ago * kHour};
    made.parent = "before";
    made.stored_bytes = stored;
    return made;
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const AlertCondition& condition : findings().conditions) codes.push_back(condition.code);
    return codes;
  }
  AlertFindings findings() const { return findAlerts(config_, utc_, facts_); }
  AlertCondition only() const {
    const AlertFindings found = findings();
    EXPECT_EQ(found.conditions.size(), 1U);
    return found.conditions.empty() ? AlertCondition() : found.conditions.front();
  }
  using Codes = std::vector<std::string>;

  static constexpr std::uint64_t kGigabyte = 1'000'000'000;
  const Timestamp now_ = parseRfc3339("2026-11-27T13:00:00Z").value();
  Utc utc_;
  Config config_;
  AlertFacts facts_;
};

TEST_F(AlertConditionsTest, whereAllIsWellNothingIsSaid) {
  EXPECT_EQ(codes(), Codes{});
  EXPECT_TRUE(findings().unknown.empty());
}

TEST_F(AlertConditionsTest, whoIsBeingSetUpHasADayForTheFirstBackup) {
  facts_.health.last_good_backup = facts_.health.last_backup = facts_.health.last_drill = std::nullopt;
  facts_.watched_since = {now_.ns - 24 * kHour};
  EXPECT_EQ(codes(), Codes{});
  facts_.watched_since.ns -= 1;
  EXPECT_EQ(codes(), Codes{"no_backup"});
  facts_.can_back_up = false;
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(AlertConditionsTest, aBackupThatIsOverdueIsCritical) {
  facts_.health.last_good_backup = facts_.health.last_backup = run(10, RunState::kDone, 20);
  EXPECT_EQ(only().code, "backup_overdue");
  EXPECT_EQ(only().severity, AlertSeverity::kCritical);
  EXPECT_EQ(only().title, "No complete backup since 2026-11-26 17:00");
  EXPECT_EQ(only().run, 10);
}

TEST_F(AlertConditionsTest, whatWentWrongWithTheLastBackupIsNamed) {
  facts_.health.last_backup = run(11, RunState::kFailed, 0);
  EXPECT_EQ(only().code, "backup_failed");
  EXPECT_EQ(only().detail, "no answer");
  EXPECT_NE(only().advice.find("look at the server"), std::string::npos);
  EXPECT_EQ(only().run, 11);

  facts_.health.last_backup = run(11, RunState::kIncomplete, 0);
  facts_.incomplete = {"/images/a.jpg: permission denied", "/b\nc: gone", "/d: gone", "/e: gone", "/f: gone"};
  EXPECT_EQ(only().code, "backup_incomplete");
  EXPECT_EQ(only().detail, "/images/a.jpg: permission denied; /b\\nc: gone; /d: gone; and 2 more");

  facts_.health.last_backup = run(8, RunState::kFailed, 3);  // before the good one
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(AlertConditionsTest, aVeryLongReasonIsCutBetweenCharacters) {
  facts_.health.last_backup = run(11, RunState::kFailed, 0);
  facts_.health.last_backup->error->message.clear();
  for (int i = 0; i < 2000; ++i) facts_.health.last_backup->error->message += "齿";
  EXPECT_EQ(only().detail.size(), 1500U + 4);
  EXPECT_EQ(only().detail.substr(1497), "齿 ...");
}

TEST_F(AlertConditionsTest, aDrillOrACheckThatFoundAFaultIsCritical) {
  facts_.health.last_drill = run(12, RunState::kFailed, 1);
  EXPECT_EQ(only().code, "drill_failed");
  EXPECT_EQ(only().severity, AlertSeverity::kCritical);
  facts_.health.last_drill = run(9, RunState::kDone, 5);
  facts_.health.last_check = run(13, RunState::kFailed, 1);
  EXPECT_EQ(only().code, "repository_damaged");
  facts_.health.last_check = run(14, RunState::kDone, 1);
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(AlertConditionsTest, drillsThatStoppedOrNeverBeganAreSaid) {
  facts_.health.last_drill = run(9, RunState::kDone, 24 * 4);
  EXPECT_EQ(codes(), Codes{"drill_overdue"});
  facts_.health.last_drill.reset();
  facts_.watched_since = {now_.ns - 24 * kHour};
  EXPECT_EQ(codes(), Codes{}) << "the first is not due yet";
  facts_.watched_since = {now_.ns - 4 * 24 * kHour};
  EXPECT_EQ(codes(), Codes{"drill_overdue"});
  config_.drills.schedule.times.clear();
  EXPECT_EQ(codes(), Codes{});
  facts_.watched_since = {now_.ns - 15 * 24 * kHour};
  EXPECT_EQ(codes(), Codes{"drill_overdue"});
}

TEST_F(AlertConditionsTest, aPlaceThatIsGoneSaysNothingOfItsSpace) {
  facts_.destination->problem = "the folder is not there";
  EXPECT_EQ(only().code, "destination_gone");
  EXPECT_EQ(only().detail, "/backups: the folder is not there");
  EXPECT_EQ(findings().unknown, (std::set<std::string>{"destination_full", "destination_filling"}));
  facts_.destination.reset();
  EXPECT_EQ(codes(), Codes{});
  EXPECT_EQ(findings().unknown.count("destination_gone"), 1U);
}

TEST_F(AlertConditionsTest, aDriveThatWillBeFullIsSaidBeforehand) {
  for (int day = 0; day < 10; ++day) facts_.backups.push_back(figures(24 * day, 30 * kGigabyte));
  EXPECT_EQ(codes(), Codes{}) << "500 GB last 16 days";
  facts_.destination->free_bytes = 400 * kGigabyte;
  EXPECT_EQ(only().code, "destination_filling");
  EXPECT_EQ(only().title, "The drive for the backups is full in about 13 days");
  EXPECT_EQ(only().severity, AlertSeverity::kWarning);
  facts_.destination->free_bytes = 59 * kGigabyte;
  EXPECT_EQ(only().code, "destination_full");
  EXPECT_EQ(only().severity, AlertSeverity::kCritical);
}

TEST_F(AlertConditionsTest, aTwentiethFreeIsLittleUnlessItIsKnownToLast) {
  facts_.destination->free_bytes = 49 * kGigabyte;
  EXPECT_EQ(only().code, "destination_filling");
  facts_.destination->free_bytes = 50 * kGigabyte;
  EXPECT_EQ(codes(), Codes{});
  facts_.destination->free_bytes = 49 * kGigabyte;
  for (int day = 0; day < 10; ++day) facts_.backups.push_back(figures(24 * day, kGigabyte / 10));
  EXPECT_EQ(codes(), Codes{}) << "it lasts 490 days";
}

TEST_F(AlertConditionsTest, aFirstBackupForetellsNothing) {
  facts_.backups = {figures(1, 400 * kGigabyte)};
  facts_.backups[0].parent.clear();
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(AlertConditionsTest, aBackupThatDidNotFitIsAFullDrive) {
  facts_.health.last_backup = run(11, RunState::kFailed, 0);
  facts_.health.last_backup->error->code = std::string(errorName(ErrorCode::kNoSpace));
  EXPECT_EQ(codes(), (Codes{"backup_failed", "destination_full"}));
}

TEST_F(AlertConditionsTest, anOfficeThatWaitedIsSaid) {
  facts_.backups = {figures(1, 1), figures(2, 1)};
  facts_.backups[0].lock_seconds = 5.0;
  facts_.backups[1].lock_seconds = 90;
  EXPECT_EQ(codes(), Codes{});
  facts_.backups[0].lock_seconds = 7.4;
  EXPECT_EQ(only().code, "office_paused_long");
  EXPECT_EQ(only().title, "The backup of 2026-11-27 12:00 kept the office waiting for 7 seconds");
  config_.alerts.pause_seconds_max = 0;
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(AlertConditionsTest, whoMaySignInAndTheLogOfIt) {
  facts_.administrator_is_set = false;
  EXPECT_EQ(only().code, "administrator_missing");
  config_.sign_in.local_administrator = false;
  EXPECT_EQ(codes(), Codes{});
  facts_.without_password = {"Admin", "Dr. Who"};
  EXPECT_EQ(only().code, "password_missing");
  EXPECT_NE(only().detail.find("Admin; Dr. Who"), std::string::npos);
  facts_.without_password.reset();
  EXPECT_EQ(codes(), Codes{});
  EXPECT_EQ(findings().unknown, std::set<std::string>{"password_missing"});
  facts_.audit_finding = "entry 5 was changed";
  EXPECT_EQ(only().code, "audit_log_broken");
}

TEST_F(AlertConditionsTest, everyCodeIsInTheListAndSaysWhatToDo) {
  facts_.health.last_good_backup = run(10, RunState::kDone, 50);
  facts_.health.last_backup = run(11, RunState::kFailed, 0);
  facts_.health.last_backup->error->code = std::string(errorName(ErrorCode::kNoSpace));
  facts_.health.last_drill = run(9, RunState::kFailed, 24 * 20);
  facts_.health.last_check = run(13, RunState::kFailed, 1);
  facts_.administrator_is_set = false;
  facts_.without_password = {"Admin"};
  facts_.audit_finding = "x";
  facts_.backups = {figures(1, 1)};
  facts_.backups[0].lock_seconds = 60;
  const AlertFindings found = findings();
  EXPECT_EQ(found.conditions.size(), 10U);
  for (const AlertCondition& condition : found.conditions) {
    EXPECT_NE(std::find(std::begin(kAlertCodes), std::end(kAlertCodes), condition.code),
              std::end(kAlertCodes))
        << condition.code;
    EXPECT_FALSE(condition.title.empty() || condition.detail.empty() || condition.advice.empty())
        << condition.code;
  }
}

}  // namespace
}  // namespace enamel::service
