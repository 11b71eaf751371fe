// The backup job with an image folder; with a database it is tested end to end against a real server.
#include "jobs/backup.h"

#include <gtest/gtest.h>

#include "jobs/restore.h"
#include "jobs/restore_target.h"
#include "jobs/testing/test_repository.h"
#include "jobs/tree_path.h"
#include "jobs/version.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

class BackupTest : public testing::Test, protected TestRepository {
 protected:
  BackupTest() { options_.priority = Priority::kNormal; }
  BackupResult backup() {
    options_.images = path("images");
    return runBackup(open(), options_, progress_, cancel_);
  }
  RestoreResult restore() { return runRestore(open(), restore_options_, progress_, cancel_); }
  std::size_t locks() { return storage.list(storage::FileType::kLock).size(); }
  std::string content(const fs::path& file) const {
    const Bytes bytes = readFile(file);
    return std::string(asText(bytes));
  }

  BackupOptions options_;
  RestoreOptions restore_options_;
  Progress progress_;
  CancelToken cancel_;
};

TEST_F(BackupTest, MakesASnapshotThatSaysWhatItIs) {
  writeFile("images/A/AdamsTom12/x.jpg", "pixels");
  options_.tags = {"nightly"};
  options_.hostname = "server";
  const BackupResult result = backup();
  EXPECT_TRUE(result.complete());
  const repository::Snapshot stored = open().findSnapshot("latest");
  EXPECT_EQ(stored.id, result.snapshot.id);
  EXPECT_EQ(stored.paths, std::vector<std::string>{"/images"});
  EXPECT_EQ(stored.tags, std::vector<std::string>{"nightly"});
  EXPECT_EQ(stored.hostname, "server");
  EXPECT_EQ(stored.program_version, programVersion());
  EXPECT_EQ(stored.time, clock.time);
  EXPECT_EQ(stored.summary->files_new, 1U);
  EXPECT_EQ(stored.summary->total_bytes_processed, 6U);
  EXPECT_FALSE(stored.parent);
  EXPECT_EQ(locks(), 0U);
  opened->loadIndex();
  EXPECT_TRUE(findNode(*opened, stored.tree, "/images/A/AdamsTom12/x.jpg"));
}

TEST_F(BackupTest, TheNextOneBuildsUponIt) {
  writeFile("images/x.jpg");
  const BackupResult first = backup();
  writeFile("images/y.jpg", "new");
  clock.time.ns += 1;
  const BackupResult second = backup();
  EXPECT_EQ(second.snapshot.parent, first.snapshot.id);
  EXPECT_EQ(second.snapshot.summary->files_unmodified, 1U);
  EXPECT_EQ(second.snapshot.summary->files_new, 1U);
}

// A share that is not mounted must never become a backup.
TEST_F(BackupTest, MissingEmptyAndFilelessFoldersLeaveNoSnapshot) {
  EXPECT_EQ(errorCodeOf([&] { backup(); }), ErrorCode::kNotFound);
  fs::create_directories(path("images"));
  EXPECT_EQ(errorCodeOf([&] { backup(); }), ErrorCode::kNotFound);
  fs::create_directories(path("images/A/AdamsTom12"));
  EXPECT_EQ(errorCodeOf([&] { backup(); }), ErrorCode::kNotFound);
  EXPECT_EQ(snapshots(), 0U);
  EXPECT_EQ(locks(), 0U);
}

TEST_F(BackupTest, NothingToBackUpIsAUsageError) {
  EXPECT_EQ(errorCodeOf([&] { runBackup(open(), options_, progress_, cancel_); }), ErrorCode::kUsage);
}

TEST_F(BackupTest, ACancelledOneLeavesNoSnapshotAndNoLock) {
  writeFile("images/x.jpg");
  cancel_.cancel();
  EXPECT_EQ(errorCodeOf([&] { backup(); }), ErrorCode::kCancelled);
  EXPECT_EQ(snapshots(), 0U);
  EXPECT_EQ(locks(), 0U);
}

TEST_F(BackupTest, AFolderThatLostMostOfItsFilesIsSaid) {
  for (int i = 0; i < 10; ++i) writeFile("images/" + std::to_string(i));
  EXPECT_TRUE(backup().warnings.empty());
  for (int i = 0; i < 6; ++i) fs::remove(path("images/" + std::to_string(i)));
  clock.time.ns += 1;
  EXPECT_EQ(backup().warnings.size(), 1U);
}

TEST_F(BackupTest, RestoresWhatWasThere) {
  writeFile("images/A/x.jpg", "pixels");
  writeFile("images/B/y.jpg", "more");
  backup();
  restore_options_.images_to = path("restored");
  restore_options_.files_to = path("all");
  const RestoreResult result = restore();
  EXPECT_TRUE(result.complete());
  EXPECT_EQ(content(path("restored/A/x.jpg")), "pixels");
  EXPECT_EQ(content(path("all/images/B/y.jpg")), "more");
  EXPECT_FALSE(fs::exists(path("restored") / RestoreTarget::kMark));
  EXPECT_EQ(locks(), 0U);
}

TEST_F(BackupTest, RestoresTheImageFoldersOwnRights) {
  writeFile("images/A/x.jpg");
  fs::permissions(path("images"), fs::perms(0750));
  backup();
  restore_options_.images_to = path("restored");
  EXPECT_TRUE(restore().complete());
  EXPECT_EQ(fs::status(path("restored")).permissions(), fs::perms(0750));
  // What somebody has made for other things, too, is left as it is.
  fs::permissions(path("restored"), fs::perms(0711));
  restore_options_.into_existing = true;
  EXPECT_TRUE(restore().complete());
  EXPECT_EQ(fs::status(path("restored")).permissions(), fs::perms(0711));
  // Nor by one that goes on after it was cut off.
  RestoreTarget(path("restored"), backup().snapshot.id, {}, true).begin();
  EXPECT_TRUE(restore().complete());
  EXPECT_EQ(fs::status(path("restored")).permissions(), fs::perms(0711));
}

TEST_F(BackupTest, RestoreKnowsAFolderByAnyOfItsNames) {
  writeFile("images/A/x.jpg");
  backup();
  restore_options_.images_to = path("to");
  restore_options_.files_to = path("elsewhere/../to/");
  EXPECT_EQ(errorCodeOf([&] { restore(); }), ErrorCode::kUsage);
}

// Each pack of a repository in turn missing or cut off: the next backup is
// complete and restores, with every object opened afresh.
TEST_F(BackupTest, StoresAgainWhatTheRepositoryLost) {
  writeFile("images/A/x.jpg", "pixels");
  writeFile("images/A/AA/deep.jpg", "deeper");
  writeFile("images/B/y.jpg", std::string(3'000'000, 'y'));
  backup();
  writeFile("images/C/new.jpg", "later");
  clock.time.ns += 1'000'000'000;
  backup();
  const auto healthy = storage.files();
  const auto packs = storage.list(storage::FileType::kPack);
  ASSERT_GE(packs.size(), 4U);
  int round = 0;
  for (const auto& pack : packs) {
    for (const bool missing : {true, false}) {
      SCOPED_TRACE("pack " + pack.name + (missing ? " missing" : " cut off"));
      auto files = healthy;
      if (missing) {
        files.erase({storage::FileType::kPack, pack.name});
      } else {
        files[{storage::FileType::kPack, pack.name}].resize(pack.size / 2);
      }
      storage.setFiles(files);
      clock.time.ns += 1'000'000'000;
      const BackupResult result = backup();
      EXPECT_TRUE(result.complete());
      ASSERT_FALSE(result.warnings.empty());
      EXPECT_NE(result.warnings[0].find(missing ? "1 pack of the repository is missing"
                                                : "1 pack of the repository is cut off"),
                std::string::npos)
          << result.warnings[0];
      restore_options_.images_to = path("restored" + std::to_string(++round));
      EXPECT_TRUE(restore().complete());
      for (const char* name : {"A/x.jpg", "A/AA/deep.jpg", "B/y.jpg", "C/new.jpg"})
        EXPECT_EQ(content(restore_options_.images_to / name), content(path("images") / name)) << name;
      // What was healed stays healed: nothing is stored a third time.
      clock.time.ns += 1'000'000'000;
      EXPECT_EQ(backup().snapshot.summary->data_blobs, 0U);
    }
  }
}

TEST_F(BackupTest, AParentTreeWithChangedBytesIsStoredAgain) {
  writeFile("images/A/x.jpg", "pixels");
  const BackupResult first = backup();
  opened->loadIndex();
  const repository::Tree root = opened->loadTree(first.snapshot.tree);
  const auto at = opened->locate(repository::BlobType::kTree, *root.find("images")->subtree);
  ASSERT_TRUE(at);
  auto files = storage.files();
  files[{storage::FileType::kPack, at->pack.hex()}][at->offset + at->stored_bytes / 2] ^= 1;
  storage.setFiles(files);
  clock.time.ns += 1'000'000'000;
  EXPECT_TRUE(backup().complete());
  restore_options_.images_to = path("restored");
  EXPECT_TRUE(restore().complete());
  EXPECT_EQ(content(path("restored/A/x.jpg")), "pixels");
}

TEST_F(BackupTest, RestoresOnlyWhatIsNamed) {
  writeFile("images/A/x.jpg");
  writeFile("images/B/y.jpg");
  backup();
  restore_options_.images_to = path("restored");
  restore_options_.only = {"/images/B"};
  restore();
  EXPECT_TRUE(fs::exists(path("restored/B/y.jpg")));
  EXPECT_FALSE(fs::exists(path("restored/A")));
}

TEST_F(BackupTest, RestoreLooksAtAllTargetsFirst) {
  writeFile("images/A/x.jpg");
  backup();
  writeFile("occupied/file");
  restore_options_.images_to = path("restored");
  restore_options_.files_to = path("occupied");
  EXPECT_EQ(errorCodeOf([&] { restore(); }), ErrorCode::kExists);
  EXPECT_FALSE(fs::exists(path("restored")));
}

TEST_F(BackupTest, RestoreSaysWhatTheSnapshotDoesNotHold) {
  writeFile("images/A/x.jpg");
  backup();
  EXPECT_EQ(errorCodeOf([&] { restore(); }), ErrorCode::kUsage);
  restore_options_.database_to.emplace();
  EXPECT_EQ(errorCodeOf([&] { restore(); }), ErrorCode::kNotFound);
  restore_options_.database_to.reset();
  restore_options_.files_to = path("out");
  restore_options_.only = {"/images/Z"};
  EXPECT_EQ(errorCodeOf([&] { restore(); }), ErrorCode::kNotFound);
  restore_options_.snapshot = "abcd1234";
  EXPECT_EQ(errorCodeOf([&] { restore(); }), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace enamel::jobs
