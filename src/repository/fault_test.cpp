// Goal: whatever operation of the storage fails, once or for good, with or without effect, the repository
// stays one that checks clean, earlier snapshots stay whole, and the next run succeeds. Method: a small run
// (lock, index, blobs in several packs, trees, snapshot) on a storage that breaks at operation n, for every n
// until a run passes without reaching it.
#include <gtest/gtest.h>

#include <random>

#include "repository/check.h"
#include "repository/lock.h"
#include "repository/repository.h"
#include "storage/memory.h"
#include "storage/testing/faulty.h"

namespace enamel::repository {
namespace {

using storage::FaultyStorage;
using storage::MemoryStorage;

constexpr std::string_view kPassword = "pw";

Bytes randomData(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  Bytes data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

void runBackup(storage::Storage& storage, unsigned generation) {
  const auto repository = Repository::open(storage, kPassword);
  const RepositoryLock lock(*repository, LockKind::kShared);
  repository->loadIndex();
  const auto writer = repository->newWriter({.pack_size_target = 1U << 20, .upload_threads = 1});
  Node file{.name = "file", .mode = 0644};
  // Half of it is new in each generation; 3 MB make several packs.
  for (unsigned i = 0; i < 30; ++i) {
    const Bytes data = randomData(100000, i % 2 == 0 ? i : i + 1000 * generation);
    file.content.push_back(writer->save(BlobType::kData, data).id);
    file.size += data.size();
  }
  Snapshot snapshot;
  snapshot.tree = writer->saveTree({{file}});
  snapshot.time = Clock::system().now();
  writer->flush();
  repository->saveSnapshot(snapshot);
}

std::size_t snapshotsOfCleanRepository(MemoryStorage& storage) {
  const auto repository = Repository::open(storage, kPassword);
  Progress progress;
  const CheckResult result = check(*repository, {.read_data = true}, progress, CancelToken::never());
  for (const std::string& error : result.errors) ADD_FAILURE() << error;
  return result.snapshots;
}

class FaultTest : public ::testing::TestWithParam<FaultyStorage::Fault> {};

TEST_P(FaultTest, ABackupCutAtAnyOperationLeavesACleanRepository) {
  MemoryStorage storage;
  Repository::create(storage, kPassword, KdfParameters::cheap(), Clock::system());
  runBackup(storage, 1);
  const MemoryStorage::Files healthy = storage.files();

  bool done = false;
  std::uint64_t failures = 0;
  for (std::uint64_t n = 0; !done; ++n) {
    ASSERT_LT(n, 1000U);
    SCOPED_TRACE("operation " + std::to_string(n));
    storage.setFiles(healthy);
    FaultyStorage faulty(storage, n, GetParam());
    bool failed = false;
    try {
      runBackup(faulty, 2);
    } catch (const Error& e) {
      failed = true;
      ++failures;
      EXPECT_NE(std::string(e.what()).find("injected fault"), std::string::npos) << e.what();
    }
    done = !faulty.hit();
    ASSERT_EQ(failed && done, false);
    const std::size_t snapshots = snapshotsOfCleanRepository(storage);
    // With a lost reply the snapshot may be there although the run failed; never the other way round.
    EXPECT_GE(snapshots, failed ? 1U : 2U);
    EXPECT_LE(snapshots, 2U);
    // A lock left behind by a run that died is this process's own here: remove it as its death would have.
    removeLocks(*Repository::open(storage, kPassword), true);
    runBackup(storage, 3);
    EXPECT_EQ(snapshotsOfCleanRepository(storage), snapshots + 1);
  }
  // Proof that faults were met at all: every write and most reads of the run fail it.
  EXPECT_GT(failures, 8U);
}

TEST_P(FaultTest, ACreationCutAtAnyOperationIsNoRepositoryOrAWholeOne) {
  bool done = false;
  for (std::uint64_t n = 0; !done; ++n) {
    ASSERT_LT(n, 100U);
    SCOPED_TRACE("operation " + std::to_string(n));
    MemoryStorage storage;
    FaultyStorage faulty(storage, n, GetParam());
    try {
      Repository::create(faulty, kPassword, KdfParameters::cheap(), Clock::system());
    } catch (const Error&) {
    }
    done = !faulty.hit();
    if (storage.size({storage::FileType::kConfig, ""})) {
      runBackup(storage, 1);
      EXPECT_EQ(snapshotsOfCleanRepository(storage), 1U);
    } else {
      EXPECT_FALSE(done);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultTest,
                         ::testing::Values(FaultyStorage::Fault::kFail, FaultyStorage::Fault::kDie,
                                           FaultyStorage::Fault::kLostReply));

}  // namespace
}  // namespace enamel::repository
