#include "service/ransom_signals.h"

#include <gtest/gtest.h>

#include "service/testing/fixed_zone.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kDay = 24LL * 3600 * 1'000'000'000;

// Backups of one practice, one a day, each with the one before as its parent.
class RansomSignalsTest : public testing::Test {
 protected:
  // The first one: everything is new.
  void first(std::uint64_t files) {
    backups_.clear();
    add({.files_new = files});
    backups_[0].parent.clear();
  }
  // One of a usual day.
  void usual(std::uint64_t fresh = 20, std::uint64_t rewritten = 1) {
    const std::uint64_t before = backups_.front().images->files();
    add({.files_new = fresh,
         .files_changed = rewritten,
         .files_unmodified = before - rewritten,
         .files_rewritten = rewritten});
  }
  // The newest goes first.
  void add(const ImageFigures& images) {
    BackupFigures figures;
    figures.run = ++number_;
    figures.complete = true;
    figures.begin = {number_ * kDay};
    figures.snapshot = "s" + std::to_string(number_);
    figures.parent = "s" + std::to_string(number_ - 1);
    figures.images = images;
    backups_.insert(backups_.begin(), figures);
  }
  std::vector<std::string> codes(std::int64_t days_later = 0) const {
    std::vector<std::string> codes;
    for (const AlertCondition& signal : signals(days_later)) codes.push_back(signal.code);
    return codes;
  }
  std::vector<AlertCondition> signals(std::int64_t days_later = 0) const {
    return ransomSignals(backups_, {(number_ + days_later) * kDay}, utc_);
  }
  using Codes = std::vector<std::string>;

  Utc utc_;
  std::int64_t number_ = 0;
  std::vector<BackupFigures> backups_;
};

TEST_F(RansomSignalsTest, aFirstBackupIsNoAlarm) {
  EXPECT_EQ(codes(), Codes{});
  first(50'000);
  EXPECT_EQ(codes(), Codes{});
  backups_[0].images->scrambled_new = 50'000;  // all images are of a kind we do not know
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, usualDaysAreNoAlarm) {
  first(5000);
  for (int day = 0; day < 30; ++day) usual(20 + static_cast<std::uint64_t>(day % 7) * 30);
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, whatASmallPracticeDoesIsNoAlarm) {
  first(40);
  usual(5);
  // A third turned by hand, another day a third thrown away.
  add({.files_changed = 15, .files_unmodified = 30, .files_rewritten = 15});
  add({.files_unmodified = 30});
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, aMoveToAnotherServerIsNoAlarm) {
  first(5000);
  usual();
  // All times and inodes are others, the content is the same.
  add({.files_new = 3, .files_changed = 5020, .files_rewritten = 0});
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, imagesThatBecomeRandomBytesAreAnAlarmForAWeek) {
  first(5000);
  usual();
  add({.files_new = 2,
       .files_changed = 800,
       .files_unmodified = 4220,
       .files_rewritten = 800,
       .scrambled_rewritten = 795});
  ASSERT_EQ(codes(), Codes{"images_scrambled"});
  EXPECT_EQ(signals()[0].severity, AlertSeverity::kCritical);
  EXPECT_EQ(signals()[0].run, 3);
  EXPECT_NE(signals()[0].detail.find("795 files"), std::string::npos);
  for (int day = 0; day < 7; ++day) usual();
  EXPECT_EQ(codes(), Codes{"images_scrambled"}) << "the next backups take it for the usual";
  EXPECT_EQ(signals()[0].run, 3);
  usual();
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, aFewImagesOfASmallPracticeSuffice) {
  first(25);
  add({.files_changed = 25, .files_rewritten = 25, .scrambled_rewritten = 24});
  EXPECT_EQ(codes(), Codes{"images_scrambled"});
}

TEST_F(RansomSignalsTest, singleOddFilesAreNoAlarm) {
  first(5000);
  add({.files_changed = 9, .files_unmodified = 4991, .files_rewritten = 9, .scrambled_rewritten = 9});
  usual();
  backups_[0].images->scrambled_new = 20;  // exports of an imaging program
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, encryptedUnderNewNamesIsTheSameAlarm) {
  first(5000);
  usual();
  add({.files_new = 600, .files_unmodified = 4420, .scrambled_new = 600});
  EXPECT_EQ(codes(), Codes{"images_scrambled"});
}

TEST_F(RansomSignalsTest, manyRewrittenImagesAreSaid) {
  first(5000);
  usual();
  add({.files_changed = 502, .files_unmodified = 4518, .files_rewritten = 502});
  ASSERT_EQ(codes(), Codes{"images_rewritten"});
  EXPECT_EQ(signals()[0].detail,
            "502 of 5020 files in the image folder have other content than in the backup before. Seen by the "
            "backup of "
            "1970-01-04 00:00.");
  // Who does that often is used to it.
  first(5000);
  for (int week = 0; week < 3; ++week)
    add({.files_changed = 450, .files_unmodified = 4550, .files_rewritten = 450});
  add({.files_changed = 502, .files_unmodified = 4498, .files_rewritten = 502});
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, imagesThatVanishOrAreRenamedAreSaid) {
  first(5000);
  usual();
  add({.files_unmodified = 4000});
  ASSERT_EQ(codes(), Codes{"images_missing"});
  EXPECT_EQ(signals()[0].title, "Many images are gone");
  EXPECT_NE(signals()[0].detail.find("1020 of 5020"), std::string::npos);
  backups_[0].images->files_new = 1020;
  EXPECT_EQ(signals()[0].title, "Many images were renamed or moved");
  backups_[0].complete = false;  // a folder that could not be read is another alert
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, aParentThatIsNotKnownIsNoAlarm) {
  first(5000);
  usual();
  add({.files_unmodified = 1000});
  backups_[0].parent = "made by the command line";
  EXPECT_EQ(codes(), Codes{});
}

TEST_F(RansomSignalsTest, rowsThatCollapseAreSaid) {
  first(10);
  usual(0, 0);
  auto& tables = backups_[0].fewer_rows;
  tables = {{"patient", 49, 0}, {"procedurelog", 1000, 801}, {"pharmacy", 499, 0}, {"recall", 2000, 1001}};
  EXPECT_EQ(codes(), Codes{}) << "a small practice, and what moves every day";
  tables = {{"signalod", 100'000, 0}, {"securitylog", 900'000, 10}, {"tempeob", 5000, 0}};
  EXPECT_EQ(codes(), Codes{}) << "Open Dental clears these itself";
  tables = {{"patient", 2000, 1600}};
  ASSERT_EQ(codes(), Codes{"rows_collapsed"});
  EXPECT_EQ(signals()[0].detail.substr(0, 33), "patient: 1600 rows, 2000 before. ");
  tables = {{"recall", 2000, 1000}};
  EXPECT_EQ(codes(), Codes{"rows_collapsed"});
}

}  // namespace
}  // namespace enamel::service
