#pragma once

#include <memory>

#include "base/cancel.h"
#include "repository/repository.h"

namespace enamel::repository {

enum class LockKind { kShared, kExclusive };

// Holds a lock file in the repository for as long as it lives, as restic does: refreshed every 5 minutes
// while held, considered stale by others after 30 minutes, or at once if made by a process of this host that
// is gone. The destructor removes it. Throws kRepositoryLocked naming who holds a conflicting lock, since
// when, and what to do. Stale locks of others are ignored and removed.
class RepositoryLock {
 public:
  // A lock that could not be refreshed in time cancels `lost`, if given: the job must stop before others
  // assume it dead.
  RepositoryLock(Repository& repository, LockKind kind, CancelToken* lost = nullptr);
  ~RepositoryLock();
  RepositoryLock(const RepositoryLock&) = delete;
  RepositoryLock& operator=(const RepositoryLock&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enamel::repository
