#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "repository/lock.h"
#include "repository/repository.h"

namespace enamel::repository {

struct PruneOptions {
  // How much of the repository may stay as bytes that nobody needs, so that packs need not be written anew
  // for little: the packs with the most of them come first. 0: none.
  double unused_fraction_max = 0.05;
  bool dry_run = false;  // find out only; a shared lock is enough
  // Snapshots that count as removed: what a dry run after a dry run of `forget` would find.
  std::unordered_set<SnapshotId> without;
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
  std::uint64_t bytes_freed = 0;   // in all; before the run: what it will be, about
  std::uint64_t bytes_unused = 0;  // stay, see unused_fraction_max
  std::vector<std::string> warnings;
};

// Removes what no snapshot needs. lock: exclusive; asked again before anything is removed, so that nothing is
// where it was lost meanwhile.
//
// Nothing is removed, and an error says why, where anything is damaged that a snapshot needs, or might: a
// snapshot, an index file, a tree, a missing or cut off pack, a blob that is to be moved. Order: packs with
// what is moved, the index that names all that stays, a comparison of that index as it lies in the storage
// with what the snapshots need; only then the old index files go, then the packs. A kill, a full disk or a
// lost connection anywhere leaves a repository that checks clean; the next run goes on.
//
// Blobs held in several packs are kept in one of them. Throws kUnsupported for format version 1, kCorrupt for
// damage.
PruneResult prune(Repository& repository, RepositoryLock& lock, const PruneOptions& options,
                  Progress& progress, const CancelToken& cancel);

}  // namespace enamel::repository
