#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "repository/prune.h"
#include "repository/repository.h"
#include "repository/retention.h"

namespace enamel::jobs {

struct ForgetOptions {
  // Either which snapshots to remove ("latest" or id prefixes), or what to keep of all of them.
  std::vector<std::string> snapshots;
  repository::KeepPolicy policy;
  // With a policy only: it looks at snapshots of this host and with all of these tags.
  std::optional<std::string> host;
  std::vector<std::string> tags;

  bool dry_run = false;  // find out only
  bool force = false;    // named snapshots: also the last (complete) one of its host and paths
  // Remove what no snapshot needs any more, too. If that cannot be, no snapshot is removed either.
  std::optional<repository::PruneOptions> prune;
};

struct ForgetResult {
  // By host and paths, newest first. Of named snapshots: their groups.
  std::vector<std::vector<repository::Verdict>> groups;
  std::uint64_t kept = 0, removed = 0;
  std::optional<repository::PruneResult> prune;
  std::vector<std::string> warnings;
};

// Removes snapshots; their data stays until a prune. Holds an exclusive lock, so that no backup is being made
// on the base of one. Throws kUsage where nothing says what to keep or to remove, where options do not go
// together, or where a named snapshot is the last good one; kNotFound where there are snapshots and host and
// tags fit none; kCorrupt, with nothing removed, if a snapshot file is damaged: what it is of is not
// known then.
ForgetResult runForget(repository::Repository& repository, const ForgetOptions& options, Progress& progress,
                       CancelToken& cancel);

}  // namespace enamel::jobs
