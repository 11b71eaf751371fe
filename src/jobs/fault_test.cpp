// Goal: whatever operation of the storage fails while a whole backup runs, once or for good, with or without
// effect, the repository opens and checks clean, the next backup succeeds, and what it restores equals the
// source. And a restore that meets a failure says so and never leaves a wrong file that looks right. Method:
// the jobs themselves, on a folder repository that breaks at operation n, for every n until a run passes
// without reaching it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include <fstream>

#include "base/file.h"
#include "files/testing/file_tree.h"
#include "jobs/backup.h"
#include "jobs/restore.h"
#include "jobs/restore_target.h"
#include "mariadb/private_server.h"
#include "mariadb/testing/hand_snapshot.h"
#include "repository/check.h"
#include "repository/lock.h"
#include "storage/local.h"
#include "storage/testing/faulty.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;
using files::noise;
using files::writeText;
using repository::Repository;
using storage::FaultyStorage;
using storage::LocalStorage;

constexpr std::string_view kPassword = "pw";
constexpr std::uint64_t kOperationsMax = 1000;

// Content of every file below a folder.
std::map<std::string, std::string> filesIn(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const Bytes content = readFile(entry.path());
    found[entry.path().lexically_relative(folder)] = asText(content);
  }
  return found;
}

class JobFaultTest : public ::testing::TestWithParam<FaultyStorage::Fault> {
 protected:
  JobFaultTest() {
    LocalStorage storage(repository_);
    Repository::create(storage, kPassword, repository::KdfParameters::cheap(), Clock::system());
    options_.priority = Priority::kNormal;
    options_.threads = 1;
    options_.writer = {.pack_size_target = 256U << 10, .upload_threads = 1};
  }

  void makeImages(unsigned generation) {
    const std::string tag = std::to_string(generation);
    for (const char* name : {"A/AdamsTom12", "B/BakerAnn7", "C/empty"})
      fs::create_directories(images_ / name);
    writeText(images_ / "A" / "AdamsTom12" / "same.jpg", noise(300'000, 1));
    writeText(images_ / "A" / "AdamsTom12" / "changed.jpg", noise(200'000 + generation, 10 + generation));
    writeText(images_ / "B" / "BakerAnn7" / ("new" + tag + ".pdf"), noise(90'000, 20 + generation));
    writeText(images_ / "small.txt", "small " + tag);
    options_.images = images_;
  }

  BackupResult backup(storage::Storage& storage) {
    const auto repository = Repository::open(storage, kPassword);
    Progress progress;
    CancelToken cancel;
    return runBackup(*repository, options_, progress, cancel);
  }

  RestoreResult restore(storage::Storage& storage, const fs::path& to) {
    const auto repository = Repository::open(storage, kPassword);
    Progress progress;
    CancelToken cancel;
    return runRestore(*repository, {.images_to = to, .threads = 1}, progress, cancel);
  }

  std::size_t snapshotsOfCleanRepository() {
    LocalStorage storage(repository_);
    const auto repository = Repository::open(storage, kPassword);
    Progress progress;
    const auto result =
        repository::check(*repository, {.read_data = true, .threads = 1}, progress, CancelToken::never());
    for (const std::string& error : result.errors) ADD_FAILURE() << error;
    // A lock left behind by a run that died is this process's own here: remove it as its death would have.
    repository::removeLocks(*repository, true);
    return result.snapshots;
  }

  // The repository as it was when this was called last with save = true.
  void healthy(bool save) {
    const fs::path from = save ? repository_ : saved_, to = save ? saved_ : repository_;
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
  }

  // Breaks one backup at every operation; afterwards(failed) looks at what it left.
  template <class Afterwards>
  std::uint64_t breakEveryOperation(Afterwards afterwards) {
    healthy(true);
    std::uint64_t failures = 0;
    for (std::uint64_t n = 0;; ++n) {
      SCOPED_TRACE("operation " + std::to_string(n));
      EXPECT_LT(n, kOperationsMax);
      healthy(false);
      LocalStorage local(repository_);
      FaultyStorage faulty(local, n, GetParam());
      bool failed = false;
      try {
        failed = !backup(faulty).complete();
      } catch (const Error& e) {
        failed = true;
        EXPECT_NE(std::string(e.what()).find("injected fault"), std::string::npos) << e.what();
      }
      failures += failed ? 1 : 0;
      EXPECT_FALSE(failed && !faulty.hit());
      const std::size_t snapshots = snapshotsOfCleanRepository();
      // With a lost reply the snapshot may be there although the run failed; never the other way round.
      EXPECT_GE(snapshots, failed ? 1U : 2U);
      EXPECT_LE(snapshots, 2U);
      afterwards();
      EXPECT_EQ(snapshotsOfCleanRepository(), snapshots + 1);
      if (!faulty.hit() || n == kOperationsMax || HasFailure()) return failures;
    }
  }

  TempDirectory folder_;
  const fs::path repository_ = folder_.path() / "repository", saved_ = folder_.path() / "saved";
  const fs::path images_ = folder_.path() / "images";
  BackupOptions options_;
};

TEST_P(JobFaultTest, AnImageBackupCutAtAnyOperationHarmsNothing) {
  LocalStorage storage(repository_);
  makeImages(1);
  ASSERT_TRUE(backup(storage).complete());
  makeImages(2);
  const std::uint64_t failures = breakEveryOperation([&] {
    const fs::path target = folder_.path() / "restored";
    EXPECT_TRUE(backup(storage).complete());
    EXPECT_TRUE(restore(storage, target).complete());
    EXPECT_EQ(files::describeTree(target), files::describeTree(images_));
    fs::remove_all(target);
  });
  // Proof that faults were met at all: every write and most reads of the run fail it.
  EXPECT_GT(failures, 10U);
}

TEST_P(JobFaultTest, ARestoreThatCannotReadSaysSoAndLeavesNoWrongFile) {
  LocalStorage storage(repository_);
  makeImages(1);
  ASSERT_TRUE(backup(storage).complete());
  const auto source = filesIn(images_);
  std::uint64_t failures = 0;
  for (std::uint64_t n = 0;; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    ASSERT_LT(n, kOperationsMax);
    const fs::path target = folder_.path() / ("restored" + std::to_string(n));
    FaultyStorage faulty(storage, n, GetParam());
    RestoreResult result;
    std::string thrown;
    try {
      result = restore(faulty, target);
    } catch (const Error& e) {
      thrown = e.what();
      EXPECT_NE(thrown.find("injected fault"), std::string::npos) << thrown;
    }
    std::set<std::string> told;
    for (const files::Problem& problem : result.errors) {
      EXPECT_NE(problem.what.find("injected fault"), std::string::npos)
          << problem.path << ": " << problem.what;
      told.insert(fs::path(problem.path).lexically_relative(target));
    }
    const auto isTold = [&](fs::path path) {  // itself, or a folder it is in
      for (; !path.empty(); path = path.parent_path()) {
        if (told.count(path) != 0) return true;
      }
      return told.count(".") != 0;
    };
    auto restored = fs::exists(target) ? filesIn(target) : std::map<std::string, std::string>();
    const bool marked = restored.erase(RestoreTarget::kMark) != 0;
    if (thrown.empty() && result.complete()) {
      EXPECT_FALSE(marked);
      EXPECT_EQ(restored, source);
    } else {
      ++failures;
      EXPECT_TRUE(marked || restored.empty()) << "it does not look unfinished";
    }
    // Whole and right, or told of; where all ended at once the mark tells of everything.
    for (const auto& [path, content] : restored) {
      if (thrown.empty() && !isTold(path)) {
        EXPECT_EQ(content, source.at(path)) << path;
      }
    }
    for (const auto& [path, content] : source) {
      if (thrown.empty() && !isTold(path)) {
        EXPECT_EQ(restored.count(path), 1U) << path;
      }
    }
    repository::removeLocks(*Repository::open(storage, kPassword), true);
    // The same command again, with the cause removed, completes it.
    if (marked) {
      EXPECT_TRUE(restore(storage, target).complete());
      EXPECT_EQ(filesIn(target), source);
    }
    fs::remove_all(target);
    if (!faulty.hit()) break;
  }
  EXPECT_GT(failures, 5U);
}

TEST_P(JobFaultTest, ADatabaseBackupCutAtAnyOperationHarmsNothing) {
  mariadb::PrivateServer::Options server_options;
  server_options.folder = folder_.path() / "server";
  server_options.local_infile = true;
  const mariadb::PrivateServer server(server_options);
  mariadb::testing::runSql(server.address(), "", "CREATE DATABASE tiny");
  mariadb::testing::runSql(server.address(), "tiny",
                           "CREATE TABLE m (id INT PRIMARY KEY, t TEXT) ENGINE=MyISAM;\n"
                           "CREATE TABLE i (id INT PRIMARY KEY, t TEXT) ENGINE=InnoDB;\n"
                           "INSERT INTO m SELECT seq, REPEAT(seq, 30) FROM seq_1_to_500;\n"
                           "INSERT INTO i SELECT * FROM m");
  options_.database = server.address("tiny");
  options_.data_folder = server.dataFolder();
  LocalStorage storage(repository_);
  ASSERT_TRUE(backup(storage).complete());
  mariadb::testing::runSql(server.address(), "tiny",
                           "UPDATE m SET t = 'x' WHERE id < 9;\nDELETE FROM i WHERE id < 5");
  const auto source = mariadb::testing::checksums(server.address(), "tiny");
  const std::uint64_t failures = breakEveryOperation([&] {
    EXPECT_TRUE(backup(storage).complete());
    const auto repository = Repository::open(storage, kPassword);
    Progress progress;
    CancelToken cancel;
    EXPECT_TRUE(runRestore(*repository, {.database_to = server.address(), .as = "copy", .threads = 1},
                           progress, cancel)
                    .complete());
    EXPECT_EQ(mariadb::testing::checksums(server.address(), "copy"), source);
    mariadb::testing::runSql(server.address(), "", "DROP DATABASE copy");
  });
  EXPECT_GT(failures, 10U);
}

INSTANTIATE_TEST_SUITE_P(Faults, JobFaultTest,
                         ::testing::Values(FaultyStorage::Fault::kFail, FaultyStorage::Fault::kDie,
                                           FaultyStorage::Fault::kLostReply));

}  // namespace
}  // namespace enamel::jobs
