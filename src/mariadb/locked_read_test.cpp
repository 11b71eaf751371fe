#include "mariadb/locked_read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "base/file.h"
#include "mariadb/testing/hand_snapshot.h"

namespace enamel::mariadb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;

// Files that nobody knows to be unchanged, so that all of them are read again.
class LockedReadTest : public ::testing::Test {
 protected:
  LockedReadTest()
      : writer_(repository_->newWriter()),
        folder_(scratch_.path()),
        precopy_(folder_, hasher_, *writer_, limiter_,
                 {.threads = 1,
                  .priority = Priority::kNormal,
                  .trust_times = false,
                  .now_ns = {},
                  .is_stored = {}},
                 progress_, cancel_) {}

  void makeTable(const std::string& stem, std::size_t bytes) {
    std::ofstream(scratch_.path() / (stem + ".frm")) << "definition";
    std::ofstream(scratch_.path() / (stem + ".MYD")) << std::string(bytes, 'x');
    stems_.insert(stem);
  }
  LockedRead lockedRead(LockedReadPace pace = {}) {
    return LockedRead(folder_, hasher_, precopy_, kept_, workers_, nullptr, std::move(pace));
  }

  testing::MemoryRepository repository_;
  std::unique_ptr<repository::BlobWriter> writer_;
  TempDirectory scratch_;
  DatabaseFolder folder_;
  BlockHasher hasher_;
  files::RateLimiter limiter_{0};
  Progress progress_;
  CancelToken cancel_;
  PreCopy precopy_;
  KeptBlocks kept_{1U << 20};
  WorkerPool workers_{{.threads = 1, .queue_max = 8, .priority = Priority::kNormal, .name = "locked"}};
  std::set<std::string> stems_;
};

TEST_F(LockedReadTest, aFileThatCannotBeLookedAtUnderTheLockIsNoEmptyFile) {
  makeTable("patient", 1000);
  makeTable("visit", 1000);
  Listing listing = folder_.list();
  precopy_.pass(listing, stems_);
  TableFile& lost = listing.at("patient").files.at(1);
  ASSERT_EQ(lost.name, "patient.frm");
  lost.stat_error = EIO;
  lost.stamp = {};
  LockedRead read = lockedRead();
  EXPECT_EQ(read.read(listing, stems_, false), LockedRead::Outcome::kRead);
  read.finish(*writer_, cancel_);
  EXPECT_THAT(read.problems(), ElementsAre(Pair("patient", HasSubstr("patient.frm"))));
}

TEST_F(LockedReadTest, readingThatWouldTakeTooLongIsGivenUpAndTheLargestTablesAreNamed) {
  makeTable("charge", 20U << 20);
  makeTable("patient", 1000);
  makeTable("visit", 30U << 20);
  const Listing listing = folder_.list();
  precopy_.pass(listing, stems_);
  double now_s = 0;
  // A second passes with each look at the clock, and there is one for every half MiB.
  LockedRead slow = lockedRead({.seconds_max = 30, .now_s = [&] { return ++now_s; }});
  EXPECT_EQ(slow.read(listing, stems_, true), LockedRead::Outcome::kSlow);
  EXPECT_THAT(slow.slow(), ElementsAre(Key("charge"), Key("visit")));
  EXPECT_THAT(slow.slow().at("visit"), HasSubstr("the office waits"));
  EXPECT_LE(now_s, 6) << "most of it was read all the same";
  EXPECT_THAT(slow.problems(), IsEmpty());

  stems_ = {"patient"};
  LockedRead rest = lockedRead({.seconds_max = 30, .now_s = [&] { return ++now_s; }});
  EXPECT_EQ(rest.read(listing, stems_, true), LockedRead::Outcome::kRead);
}

TEST_F(LockedReadTest, longReadingWithinTheLimitGoesOn) {
  makeTable("visit", 10U << 20);
  const Listing listing = folder_.list();
  precopy_.pass(listing, stems_);
  double now_s = 0;
  LockedRead read = lockedRead({.seconds_max = 60, .now_s = [&] { return ++now_s; }});
  EXPECT_EQ(read.read(listing, stems_, true), LockedRead::Outcome::kRead);
  EXPECT_EQ(read.bytesRead(), (10U << 20) + std::string("definition").size());
}

}  // namespace
}  // namespace enamel::mariadb
