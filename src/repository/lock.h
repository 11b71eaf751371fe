#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/cancel.h"
#include "repository/repository.h"

namespace enamel::repository {

enum class LockKind { kShared, kExclusive };

// What a lock file says. Format: restic's design document, "Locks".
struct LockFile {
  Timestamp time;
  bool exclusive = false;
  std::string hostname, username;
  std::int64_t pid = 0;
  std::uint32_t uid = 0, gid = 0;
};
Bytes encodeLockFile(const LockFile& lock);
// Throws kCorrupt.
LockFile decodeLockFile(ByteView json, const std::string& name);

struct LockTiming {
  std::chrono::nanoseconds refresh = std::chrono::minutes(5);
  // A lock not refreshed for so long is stale to everybody.
  std::chrono::nanoseconds stale = std::chrono::minutes(30);
};

// Holds a lock file in the repository for as long as it lives, as restic does: refreshed every 5 minutes
// while held, considered stale by others after 30 minutes, or at once if made by a process of this host that
// is gone. The destructor removes it. Throws kRepositoryLocked naming who holds a conflicting lock, since
// when, and what to do. Stale locks of others are removed.
class RepositoryLock {
 public:
  // A lock that was removed by somebody or could not be refreshed in time cancels `lost`, if given: the job
  // must stop before others assume it dead.
  RepositoryLock(Repository& repository, LockKind kind, CancelToken* lost = nullptr, LockTiming timing = {});
  ~RepositoryLock();
  RepositoryLock(const RepositoryLock&) = delete;
  RepositoryLock& operator=(const RepositoryLock&) = delete;

  // Throws kRepositoryLocked if the lock could not be kept: somebody removed it, or it was not refreshed in
  // time (this computer slept). Call before the step that counts on nothing having been removed meanwhile.
  void check();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Removes stale locks, or with `all` every lock there is (for the user who knows that nobody works); returns
// how many. Sweeps what killed programs were writing: of the last day only with `all`.
std::size_t removeLocks(Repository& repository, bool all, LockTiming timing = {});

}  // namespace enamel::repository
