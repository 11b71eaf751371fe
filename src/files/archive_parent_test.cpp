// What is taken from the parent snapshot, and what is not.

#include "files/archiver.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <fstream>
#include <utility>

#include "files/testing/archive_fixture.h"

namespace enamel::files {
namespace {

namespace fs = std::filesystem;
using repository::BlobId;
using repository::BlobType;

// Bytes this process has read with read(2) and its like.
std::uint64_t bytesRead() {
  std::ifstream io("/proc/self/io");
  std::string label;
  std::uint64_t count = 0;
  io >> label >> count;
  EXPECT_EQ(label, "rchar:");
  return count;
}
using ArchiveParentTest = ArchiveFixture;

TEST_F(ArchiveParentTest, anUnchangedFolderIsTakenOverUnread) {
  fs::create_directories(source_ / "a" / "b");
  writeText(source_ / "a" / "b" / "large", noise(9'000'000, 1));
  writeText(source_ / "a" / "small", noise(100'000, 2));
  fs::create_symlink("small", source_ / "a" / "link");
  const ArchiveResult first = repository_.archive(source_);
  EXPECT_EQ(first.stats.files_new, 2U);
  EXPECT_EQ(first.stats.dirs_new, 3U);
  EXPECT_EQ(first.stats.bytes, 9'100'000U);

  repository_.reopen();
  const std::uint64_t read_before = bytesRead();
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_LT(bytesRead() - read_before, 100'000U);
  EXPECT_EQ(second.root.subtree, first.root.subtree);
  EXPECT_EQ(second.stats.files_unmodified, 2U);
  EXPECT_EQ(second.stats.files_new + second.stats.files_changed, 0U);
  EXPECT_EQ(second.stats.dirs_unmodified, 3U);
  EXPECT_EQ(second.stats.bytes, 9'100'000U);
  EXPECT_EQ(repository_.stats().data_blobs + repository_.stats().tree_blobs, 0U);
}

TEST_F(ArchiveParentTest, onlyWhatChangedIsReadAgain) {
  fs::create_directory(source_ / "same");
  fs::create_directory(source_ / "other");
  writeText(source_ / "same" / "file", noise(2'000'000, 1));
  writeText(source_ / "other" / "changed", "one");
  writeText(source_ / "other" / "removed", "two");
  const ArchiveResult first = repository_.archive(source_);

  writeText(source_ / "other" / "changed", "ONE");
  fs::remove(source_ / "other" / "removed");
  writeText(source_ / "other" / "new", "three");
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_EQ(second.stats.files_unmodified, 1U);
  EXPECT_EQ(second.stats.files_changed, 1U);
  EXPECT_EQ(second.stats.files_new, 1U);
  EXPECT_EQ(second.stats.dirs_unmodified, 1U);
  EXPECT_EQ(second.stats.dirs_changed, 2U);
  EXPECT_EQ(repository_.stats().data_blobs, 2U);
  EXPECT_EQ(nodeAt(second, "same").subtree, nodeAt(first, "same").subtree);
  EXPECT_EQ(contentOf(nodeAt(second, "other/changed")), "ONE");
  EXPECT_THROW(nodeAt(second, "other/removed"), std::runtime_error);
}

TEST_F(ArchiveParentTest, aRemovedFileAloneMakesANewTree) {
  writeText(source_ / "a", "a");
  writeText(source_ / "b", "b");
  const ArchiveResult first = repository_.archive(source_);
  fs::remove(source_ / "b");
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_NE(second.root.subtree, first.root.subtree);
  EXPECT_FALSE(isStored(second, "b"));
}

TEST_F(ArchiveParentTest, aFileChangedBehindItsTimesIsReadAgain) {
  writeText(source_ / "file", "before");
  setTimes(source_ / "file", 1'000'000'000, 0);
  const ArchiveResult first = repository_.archive(source_);
  writeText(source_ / "file", "after!");
  setTimes(source_ / "file", 1'000'000'000, 0);  // the time of the last status change tells
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_EQ(contentOf(nodeAt(second, "file")), "after!");
}

TEST_F(ArchiveParentTest, aFileWrittenJustBeforeAndAfterTheBackupIsNotTakenForUnchanged) {
  // Within one tick of the kernel's clock the two contents have the same times and the same size.
  std::optional<BlobId> parent;
  for (int round = 0; round < 5; ++round) {
    writeText(source_ / "file", "content A");
    const ArchiveResult first = repository_.archive(source_, parent);
    writeText(source_ / "file", "content B");
    const ArchiveResult second = repository_.archive(source_, first.root.subtree);
    ASSERT_EQ(contentOf(nodeAt(second, "file")), "content B");
    parent = second.root.subtree;
  }
}

TEST_F(ArchiveParentTest, whereTimesAreCoarseAFileIsUnchangedOnlyIfItIsOlderThanTheParent) {
  writeText(source_ / "file", "content");
  const ArchiveResult first = repository_.archive(source_);
  ArchiveOptions options;
  options.coarse_times = true;
  options.parent_begin = Clock::system().now();
  EXPECT_EQ(repository_.archive(source_, first.root.subtree, options).stats.files_changed, 1U);
  options.parent_begin.ns += 3'000'000'000;
  EXPECT_EQ(repository_.archive(source_, first.root.subtree, options).stats.files_unmodified, 1U);
}

TEST_F(ArchiveParentTest, aFileOverwrittenWhileItWasReadIsReadAgain) {
  writeText(source_ / "large", noise(20'000'000, 1));
  bool overwritten = false;
  const auto overwrite = [&](BlobType type, ByteView) {
    if (type == BlobType::kData && !std::exchange(overwritten, true))
      writeText(source_ / "large", noise(20'000'000, 2));
  };
  const ArchiveResult torn = repository_.archive(source_, {}, kOneThread, overwrite);
  EXPECT_THAT(torn.warnings, ::testing::ElementsAre(ProblemWith(source_ / "large", "changed while")));
  EXPECT_FALSE(contentOf(nodeAt(torn, "large")) == noise(20'000'000, 2));
  const ArchiveResult second = repository_.archive(source_, torn.root.subtree);
  EXPECT_EQ(second.stats.files_changed, 1U);
  EXPECT_TRUE(contentOf(nodeAt(second, "large")) == noise(20'000'000, 2));
  EXPECT_EQ(repository_.archive(source_, second.root.subtree).stats.files_unmodified, 1U);
}

TEST_F(ArchiveParentTest, newPermissionsAloneNeedANewTreeAndNoReading) {
  writeText(source_ / "file", noise(100'000, 1));
  ASSERT_EQ(chmod((source_ / "file").c_str(), 0644), 0);
  const ArchiveResult first = repository_.archive(source_);
  ASSERT_EQ(chmod((source_ / "file").c_str(), 0600), 0);
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_EQ(nodeAt(second, "file").mode, 0600U);
  EXPECT_EQ(repository_.stats().data_blobs, 0U);
}

TEST_F(ArchiveParentTest, aParentWhoseBlobsAreGoneIsReadAgain) {
  writeText(source_ / "file", "content");
  const ArchiveResult first = repository_.archive(source_);
  // Another repository that has the tree, but not what it names.
  const repository::Tree tree = repository_.repository().loadTree(*first.root.subtree);
  TestRepository other;
  const auto writer = other.repository().newWriter();
  const BlobId id = writer->saveTree(tree);
  writer->flush();
  const ArchiveResult second = other.archive(source_, id);
  EXPECT_EQ(second.stats.files_changed, 1U);
  EXPECT_EQ(other.stats().data_blobs, 1U);
}

TEST_F(ArchiveParentTest, whatCouldNotBeReadOfAFileIsTriedAgain) {
  writeText(source_ / "file", "content");
  ASSERT_EQ(setxattr((source_ / "file").c_str(), "user.rights", "r", 1, 0), 0);
  const ArchiveResult first = repository_.archive(source_);
  repository::Tree partial = repository_.repository().loadTree(*first.root.subtree);
  partial.nodes.at(0).extended_attributes.clear();
  partial.nodes.at(0).error = "extended attributes: Input/output error";
  const auto writer = repository_.repository().newWriter();
  const BlobId parent = writer->saveTree(partial);
  writer->flush();
  EXPECT_EQ(repository_.archive(source_, parent).root.subtree, first.root.subtree);
}

TEST_F(ArchiveParentTest, aParentThatIsNotThereIsNoObstacle) {
  writeText(source_ / "file", "content");
  const ArchiveResult result = repository_.archive(source_, BlobId::of(asBytes("no such tree")));
  EXPECT_EQ(result.stats.files_new, 1U);
  EXPECT_EQ(contentOf(nodeAt(result, "file")), "content");
}

}  // namespace
}  // namespace enamel::files
