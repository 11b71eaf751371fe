#include "jobs/forget.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "repository/lock.h"

namespace enamel::jobs {
namespace {

using repository::Snapshot;
using repository::SnapshotId;
using repository::Verdict;

class Forget {
 public:
  Forget(repository::Repository& repository, const ForgetOptions& options, Progress& progress,
         CancelToken& cancel)
      : repository_(repository), options_(options), progress_(progress), cancel_(cancel) {}

  ForgetResult run() {
    checkOptions();
    progress_.setPhase("opening the repository");
    repository::RepositoryLock lock(
        repository_, options_.dry_run ? repository::LockKind::kShared : repository::LockKind::kExclusive,
        &cancel_);
    if (options_.snapshots.empty()) {
      applyPolicy();
    } else {
      takeNamed();
    }
    for (const auto& group : result_.groups)
      for (const Verdict& verdict : group) ++(verdict.keep() ? result_.kept : result_.removed);
    if (!options_.dry_run) removeSnapshots(lock);
    if (options_.prune) prune(lock);
    return std::move(result_);
  }

 private:
  void checkOptions() const {
    if (options_.snapshots.empty() == options_.policy.empty())
      throw Error(ErrorCode::kUsage,
                  options_.snapshots.empty()
                      ? "nothing says what to keep"
                      : "snapshots are named, and something says what to keep: one of the two",
                  "for example --keep-daily 14 --keep-weekly 8 --keep-monthly 24; --dry-run shows first what "
                  "would go");
  }

  bool isLookedAt(const Snapshot& snapshot) const {
    if (!options_.host.empty() && snapshot.hostname != options_.host) return false;
    return std::all_of(options_.tags.begin(), options_.tags.end(),
                       [&](const std::string& tag) { return snapshot.hasTag(tag); });
  }

  void applyPolicy() {
    std::vector<Snapshot> all = repository_.listSnapshots();
    std::erase_if(all, [&](const Snapshot& snapshot) { return !isLookedAt(snapshot); });
    for (auto& group : repository::groupSnapshots(std::move(all)))
      result_.groups.push_back(
          repository::applyPolicy(std::move(group), options_.policy, repository_.clock().now()));
  }

  void takeNamed() {
    std::unordered_set<SnapshotId> named;
    for (const std::string& name : options_.snapshots) named.insert(repository_.findSnapshot(name).id);
    for (auto& group : repository::groupSnapshots(repository_.listSnapshots())) {
      std::vector<Verdict> verdicts;
      bool touched = false, complete_before = false, complete_after = false;
      for (auto snapshot = group.rbegin(); snapshot != group.rend(); ++snapshot) {
        const bool goes = named.contains(snapshot->id);
        const bool complete = !snapshot->hasTag(repository::kIncompleteTag);
        touched |= goes;
        complete_before |= complete;
        complete_after |= complete && !goes;
        Verdict verdict{std::move(*snapshot), {}};
        if (!goes) verdict.reasons.emplace_back("not named");
        verdicts.push_back(std::move(verdict));
      }
      if (!touched) continue;
      if (complete_before && !complete_after && !options_.force)
        throw Error(ErrorCode::kUsage,
                    "that would remove the last complete backup of " + verdicts.front().snapshot.hostname +
                        "; nothing was removed",
                    "make another backup first, or say --force");
      result_.groups.push_back(std::move(verdicts));
    }
  }

  void removeSnapshots(repository::RepositoryLock& lock) {
    progress_.setPhase("removing snapshots");
    lock.check();
    for (const auto& group : result_.groups) {
      for (const Verdict& verdict : group) {
        if (verdict.keep()) continue;
        cancel_.check();
        repository_.storage().remove({storage::FileType::kSnapshot, verdict.snapshot.id.hex()});
      }
    }
  }

  void prune(repository::RepositoryLock& lock) {
    repository::PruneOptions prune = *options_.prune;
    prune.dry_run = options_.dry_run;
    for (const auto& group : result_.groups)
      for (const Verdict& verdict : group)
        if (!verdict.keep()) prune.without.insert(verdict.snapshot.id);
    result_.prune = repository::prune(repository_, lock, prune, progress_, cancel_);
  }

  repository::Repository& repository_;
  const ForgetOptions& options_;
  Progress& progress_;
  CancelToken& cancel_;
  ForgetResult result_;
};

}  // namespace

ForgetResult runForget(repository::Repository& repository, const ForgetOptions& options, Progress& progress,
                       CancelToken& cancel) {
  return Forget(repository, options, progress, cancel).run();
}

}  // namespace enamel::jobs
