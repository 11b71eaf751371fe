#include "repository/prune.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "repository/testing/small_repository.h"
#include "storage/testing/faulty.h"
#include "storage/testing/hooked.h"

namespace enamel::repository::testing {
namespace {

using storage::FaultyStorage;
using storage::FileType;
using ::testing::HasSubstr;

Bytes block(unsigned number) {
  return randomData(100'000, number);
}

std::vector<Bytes> blocks(unsigned first, unsigned last) {
  std::vector<Bytes> out;
  for (unsigned i = first; i < last; ++i) out.push_back(block(i));
  return out;
}

class PruneTest : public SmallRepository {
 protected:
  // Snapshots of overlapping ranges of blocks, of a MB or two each.
  SnapshotId store(unsigned first, unsigned last) {
    const auto repository = open();
    return storeSnapshot(*repository, blocks(first, last)).id;
  }
  // The same blocks by several programs that know nothing of each other. Returns the packs of the first.
  std::vector<storage::FileInfo> storeAtOnce(std::size_t programs, unsigned blocks_each) {
    std::vector<std::unique_ptr<Repository>> all;
    for (std::size_t i = 0; i < programs; ++i) {
      all.push_back(open());
      all.back()->loadIndex();
    }
    std::vector<storage::FileInfo> of_first;
    for (const auto& repository : all) {
      storeSnapshot(*repository, blocks(0, blocks_each));
      if (of_first.empty()) of_first = storage_.list(FileType::kPack);
    }
    return of_first;
  }
  static void damage(Bytes& pack) {
    for (std::size_t i = 20; i < pack.size(); i += 1000) pack[i] ^= 1;
  }
  void forget(const SnapshotId& id) { storage_.remove({FileType::kSnapshot, id.hex()}); }
  PruneResult prune(PruneOptions options = {}) { return prune(storage_, options); }
  static PruneResult prune(storage::Storage& storage, PruneOptions options = {}) {
    const auto repository = Repository::open(storage, kPassword);
    RepositoryLock lock(*repository, LockKind::kExclusive);
    Progress progress;
    return enamel::repository::prune(*repository, &lock, options, progress, CancelToken::never());
  }
  std::uint64_t packBytes() {
    std::uint64_t bytes = 0;
    for (const auto& info : storage_.list(FileType::kPack)) bytes += info.size;
    return bytes;
  }
  // Every snapshot that is left, whole.
  void expectClean(std::size_t snapshots) {
    const CheckResult result = checkAll();
    for (const std::string& error : result.errors) ADD_FAILURE() << error;
    EXPECT_EQ(result.snapshots, snapshots);
  }
  // What keeps prune from removing anything.
  void expectRefused(ErrorCode code, const std::string& word) {
    const auto before = storage_.files();
    try {
      prune({.unused_fraction_max = 0});
      FAIL() << "pruned";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
      EXPECT_THAT(std::string(e.what()) + e.hint(), HasSubstr(word));
    }
    EXPECT_EQ(storage_.files(), before);
  }
};

TEST_F(PruneTest, nothingIsRemovedWhereEverythingIsNeeded) {
  store(0, 20);
  store(10, 30);
  const auto before = storage_.files();
  const PruneResult result = prune({.unused_fraction_max = 0});
  EXPECT_EQ(result.bytes_freed, 0U);
  EXPECT_EQ(result.packs_rewritten + result.packs_removed + result.packs_unindexed, 0U);
  EXPECT_EQ(result.snapshots, 2U);
  EXPECT_EQ(storage_.files(), before);
}

TEST_F(PruneTest, whatNoSnapshotNeedsIsGoneAndTheRestIsWhole) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const std::uint64_t before = packBytes();
  const PruneResult planned = prune({.unused_fraction_max = 0, .dry_run = true});
  EXPECT_EQ(packBytes(), before) << "a dry run only looks";
  const PruneResult result = prune({.unused_fraction_max = 0});
  EXPECT_GE(result.bytes_freed, 10U * 100'000U);
  EXPECT_EQ(result.bytes_freed, before - packBytes());
  EXPECT_NEAR(static_cast<double>(planned.bytes_freed), static_cast<double>(result.bytes_freed), 5000);
  EXPECT_EQ(result.bytes_unused, 0U);
  expectClean(1);
  EXPECT_EQ(prune({.unused_fraction_max = 0}).bytes_freed, 0U) << "a second run finds nothing";
  // A backup stores again what was removed, and only that.
  store(0, 30);
  expectClean(2);
}

TEST_F(PruneTest, aLittleWasteIsLeft) {
  const SnapshotId old = store(0, 20);
  store(1, 20);
  forget(old);
  const PruneResult result = prune({.unused_fraction_max = 0.2});
  EXPECT_EQ(result.packs_rewritten, 0U);
  EXPECT_GE(result.bytes_unused, 100'000U);
  expectClean(1);
}

TEST_F(PruneTest, leftoversOfInterruptedRunsAreRemoved) {
  store(0, 5);
  const auto before = storage_.files();
  {
    const auto repository = open();
    repository->loadIndex();
    const auto writer = repository->newWriter({.pack_size_target = 1U << 20});
    for (const Bytes& data : blocks(50, 80)) writer->save(BlobType::kData, data);
    writer->flush();
  }
  for (const auto& info : storage_.list(FileType::kIndex))
    if (!before.contains({FileType::kIndex, info.name})) storage_.remove({FileType::kIndex, info.name});
  const PruneResult result = prune();
  EXPECT_GE(result.packs_unindexed, 2U);
  EXPECT_GE(result.bytes_unindexed, 2'900'000U);
  expectClean(1);
  EXPECT_THAT(checkAll().warnings, ::testing::IsEmpty());
}

TEST_F(PruneTest, ofABlobInSeveralPacksOneIsKept) {
  storeAtOnce(2, 10);
  prune({.unused_fraction_max = 0});
  EXPECT_LT(packBytes(), 10U * 100'000U + 20'000U);
  expectClean(2);
}

// What one pack has lost another still has: that is no damage to a prune either.
TEST_F(PruneTest, ofABlobInSeveralPacksTheOneThatIsThereIsKept) {
  const auto of_first = storeAtOnce(2, 10);
  const auto healthy = storage_.files();
  for (const auto& lost : of_first) {
    storage_.setFiles(healthy);
    storage_.remove({FileType::kPack, lost.name});
    prune({.unused_fraction_max = 0});
    expectClean(2);
  }
}

// A pack that is damaged and as long as before: of its blobs others have good copies, as a backup makes them.
TEST_F(PruneTest, ofABlobInSeveralPacksTheGoodOneIsKept) {
  const auto of_first = storeAtOnce(2, 10);
  const auto healthy = storage_.files();
  for (const auto& info : of_first) {
    auto files = healthy;
    damage(files[{FileType::kPack, info.name}]);
    storage_.setFiles(files);
    prune({.unused_fraction_max = 0});
    expectClean(2);
    EXPECT_LT(packBytes(), 10U * 100'000U + 20'000U);
  }
}

// One is cut off behind the blob, one damaged, one good, in any order.
TEST_F(PruneTest, aCopyInAPackThatIsCutOffIsNotChosen) {
  storeAtOnce(3, 1);
  const auto healthy = storage_.files();
  std::vector<std::string> packs;
  for (const auto& info : storage_.list(FileType::kPack))
    if (info.size > 100'000) packs.push_back(info.name);
  ASSERT_EQ(packs.size(), 3U);
  std::sort(packs.begin(), packs.end());
  do {
    auto files = healthy;
    Bytes& cut_off = files[{FileType::kPack, packs[0]}];
    cut_off.resize(cut_off.size() - 10);
    damage(files[{FileType::kPack, packs[1]}]);
    storage_.setFiles(files);
    prune({.unused_fraction_max = 0});
    expectClean(3);
  } while (std::next_permutation(packs.begin(), packs.end()));
}

TEST_F(PruneTest, withoutAnySnapshotEverythingGoesIfThatIsMeant) {
  forget(store(0, 5));
  expectRefused(ErrorCode::kCorrupt, "there is no snapshot");
  prune({.remove_all = true});
  EXPECT_EQ(packBytes(), 0U);
  EXPECT_TRUE(storage_.list(FileType::kIndex).empty());
  expectClean(0);
}

TEST_F(PruneTest, damageKeepsEverything) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const auto healthy = storage_.files();
  // Any file that is damaged, cut off or missing, one at a time.
  for (const auto& [key, bytes] : healthy) {
    const auto& [type, name] = key;
    if (type != FileType::kSnapshot && type != FileType::kIndex && type != FileType::kPack) continue;
    const storage::FileHandle file{type, name};
    SCOPED_TRACE(file.describe());
    for (const bool cut : {true, false}) {
      storage_.setFiles(healthy);
      auto files = healthy;
      if (cut) {
        files[key].resize(bytes.size() / 2);
      } else {
        files[key][bytes.size() / 2] ^= 1;
      }
      storage_.setFiles(files);
      try {
        prune({.unused_fraction_max = 0});
        // A pack that nothing needs may go whatever is in it, and one that stays is not read.
        EXPECT_EQ(type, FileType::kPack);
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), ErrorCode::kCorrupt) << e.what();
        for (const auto& [other, content] : files)
          EXPECT_TRUE(storage_.files().contains(other)) << other.second;
      }
      // Brought back from a copy, everything is there: nothing that was needed had been removed.
      auto mended = storage_.files();
      if (mended.contains(key)) mended[key] = bytes;
      storage_.setFiles(mended);
      expectClean(1);
    }
  }
}

TEST_F(PruneTest, aMissingSnapshotFileIsNoneButAMissingPackIsDamage) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const auto packs = storage_.list(FileType::kPack);
  const auto healthy = storage_.files();
  std::size_t refused = 0;
  for (const auto& info : packs) {
    storage_.setFiles(healthy);
    storage_.remove({FileType::kPack, info.name});
    try {
      const PruneResult result = prune({.unused_fraction_max = 0});
      ASSERT_EQ(result.warnings.size(), 1U) << "nothing needs it";
      expectClean(1);
    } catch (const Error& e) {
      ++refused;
      EXPECT_THAT(e.what(), HasSubstr("nothing that a backup had was removed"));
      EXPECT_EQ(storage_.list(FileType::kPack).size(), packs.size() - 1);
    }
  }
  EXPECT_GT(refused, 0U);
}

TEST_F(PruneTest, whereAnotherWorksNothingIsRemoved) {
  forget(store(0, 5));
  const auto other = open();
  const RepositoryLock backup(*other, LockKind::kShared);
  expectRefused(ErrorCode::kRepositoryLocked, "lock");
}

TEST_F(PruneTest, aLockThatWasLostStopsItBeforeAnythingGoes) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const auto before = storage_.files();
  const auto repository = open();
  RepositoryLock lock(*repository, LockKind::kExclusive);
  removeLocks(*repository, true);
  Progress progress;
  EXPECT_EQ(codeOf([&] {
              enamel::repository::prune(*repository, &lock, {.unused_fraction_max = 0}, progress,
                                        CancelToken::never());
            }),
            ErrorCode::kRepositoryLocked);
  for (const auto& [key, bytes] : before) EXPECT_TRUE(storage_.files().contains(key)) << key.second;
  expectClean(1);
}

// A network folder that is not there for a moment looks empty.
TEST_F(PruneTest, aListThatIsEmptyForAMomentCostsNothing) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const auto healthy = storage_.files();
  for (const FileType type : {FileType::kSnapshot, FileType::kIndex, FileType::kPack}) {
    SCOPED_TRACE(storage::typeName(type));
    for (int hidden = 0, lists = 1; hidden < lists; ++hidden) {
      SCOPED_TRACE(hidden);
      storage_.setFiles(healthy);
      storage::HookedStorage hooked(storage_);
      lists = 0;
      hooked.after_list = [&](FileType of, std::vector<storage::FileInfo>& files) {
        if (of == type && lists++ == hidden) files.clear();
      };
      try {
        prune(hooked, {.unused_fraction_max = 0});
      } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("nothing that a backup had was removed"));
      }
      expectClean(1);
      EXPECT_GT(lists, hidden);
    }
  }
}

TEST_F(PruneTest, stoppedWhileItRemovesItLeavesACleanRepository) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const auto healthy = storage_.files();
  std::size_t stopped = 0;
  for (int at = 0, removals = 1; at < removals; ++at) {
    storage_.setFiles(healthy);
    storage::HookedStorage hooked(storage_);
    CancelToken cancel;
    removals = 0;
    hooked.before_remove = [&](const storage::FileHandle& file) {
      if (file.type != FileType::kLock && removals++ == at) cancel.cancel();
    };
    const auto repository = Repository::open(hooked, kPassword);
    RepositoryLock lock(*repository, LockKind::kExclusive);
    Progress progress;
    const ErrorCode code = codeOf([&] {
      enamel::repository::prune(*repository, &lock, {.unused_fraction_max = 0, .threads = 1}, progress,
                                cancel);
    });
    stopped += code == ErrorCode::kCancelled ? 1 : 0;
    expectClean(1);
  }
  EXPECT_GE(stopped, 1U);
}

// Whatever operation of the storage fails: what is needed is whole, and the next run ends the work.
class PruneFaultTest : public PruneTest, public ::testing::WithParamInterface<FaultyStorage::Fault> {};

TEST_P(PruneFaultTest, cutAtAnyOperationTheRepositoryIsWhole) {
  const SnapshotId old = store(0, 20);
  store(10, 30);
  forget(old);
  const auto healthy = storage_.files();
  bool done = false;
  for (std::uint64_t n = 0; !done; ++n) {
    ASSERT_LT(n, 1000U);
    SCOPED_TRACE("operation " + std::to_string(n));
    storage_.setFiles(healthy);
    FaultyStorage faulty(storage_, n, GetParam());
    try {
      prune(faulty, {.unused_fraction_max = 0});
    } catch (const Error& e) {
      EXPECT_THAT(e.what(), HasSubstr("injected fault"));
    }
    done = !faulty.hit();
    expectClean(1);
    removeLocks(*open(), true);
    prune({.unused_fraction_max = 0});
    expectClean(1);
    EXPECT_LT(packBytes(), 21U * 100'000U);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, PruneFaultTest,
                         ::testing::Values(FaultyStorage::Fault::kFail, FaultyStorage::Fault::kDie,
                                           FaultyStorage::Fault::kLostReply));

}  // namespace
}  // namespace enamel::repository::testing
