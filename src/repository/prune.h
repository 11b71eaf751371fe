#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "repository/lock.h"
#include "repository/repository.h"

namespace enamel::repository {

struct PruneOptions {
  // Which part of what is left may be bytes that nobody needs, so that packs need not be written anew for
  // little: those with the most of them come first. 0: none; 1 and more: any.
  double unused_fraction_max = 0.05;
  bool dry_run = false;  // find out only
  // Snapshots that count as removed.
  std::unordered_set<SnapshotId> without;
  // Called when nothing stands in the way any more, before the first thing that was ever named goes: to
  // remove the snapshots in `without`. Not in a dry run.
  std::function<void()> before_removal;
  // A repository without a snapshot that has packs has most likely lost its snapshots: kCorrupt. Unless this
  // says that it is meant.
  bool remove_all = false;
  std::size_t threads = 0;
};

// Sizes are of stored files.
struct PruneResult {
  std::uint64_t snapshots = 0;
  std::uint64_t packs_kept = 0;
  std::uint64_t packs_removed = 0, bytes_removed = 0;      // with nothing that is needed
  std::uint64_t packs_rewritten = 0, bytes_rewritten = 0;  // what was needed of them lies in new ones
  std::uint64_t packs_unindexed = 0, bytes_unindexed = 0;  // left by interrupted runs
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_freed = 0;   // in all; of a dry run: about
  std::uint64_t bytes_unused = 0;  // stay, see unused_fraction_max
  std::vector<std::string> warnings;
};

// Removes what no snapshot needs. lock: exclusive, and asked again before anything is removed, so that
// nothing is where it was lost meanwhile; may be null for a dry run. REQUIRES: the index was not loaded
// before the lock was had. Afterwards the repository in memory knows what is left.
//
// Nothing is removed, and an error says why, where anything is damaged that a snapshot needs, or might: a
// snapshot, an index file, a tree, a missing or cut off pack, a blob that is to be moved. Order: packs of
// interrupted runs, which nothing names, go; packs with what is moved are stored, then the index that names
// all that stays; that index as it lies in the storage is compared with what the snapshots need; only then
// the old index files go, then the packs. A kill, a full disk or a lost connection anywhere leaves a
// repository that checks clean; the next run goes on.
//
// Of a blob held in several packs one copy is kept, which was read and is whole. Throws kUnsupported for
// format version 1, kCorrupt for damage.
PruneResult prune(Repository& repository, RepositoryLock* lock, const PruneOptions& options,
                  Progress& progress, const CancelToken& cancel);

}  // namespace enamel::repository
