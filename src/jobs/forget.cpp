#include "jobs/forget.h"

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "jobs/reading_lock.h"
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
    std::unique_ptr<repository::RepositoryLock> lock;
    if (options_.dry_run) {
      lock = lockForReading(repository_, &cancel_, result_.warnings);
    } else {
      lock = std::make_unique<repository::RepositoryLock>(repository_, repository::LockKind::kExclusive,
                                                          &cancel_);
    }
    if (options_.snapshots.empty()) {
      applyPolicy();
    } else {
      takeNamed();
    }
    for (const auto& group : result_.groups)
      for (const Verdict& verdict : group) ++(verdict.keep() ? result_.kept : result_.removed);
    try {
      if (options_.prune) {
        prune(lock.get());
      } else if (!options_.dry_run) {
        removeSnapshots(*lock);
      }
    } catch (const Error& e) {
      throw explained(e);
    }
    return std::move(result_);
  }

 private:
  void checkOptions() const {
    const bool named = !options_.snapshots.empty();
    if (named != options_.policy.empty())
      throw Error(ErrorCode::kUsage,
                  named ? "snapshots are named, and something says what to keep: one of the two"
                        : "nothing says what to keep",
                  "for example --keep-daily 14 --keep-weekly 8 --keep-monthly 24; --dry-run shows first what "
                  "would go");
    if (named && (options_.host || !options_.tags.empty()))
      throw Error(ErrorCode::kUsage, "--host and --tag go with a rule, not with snapshots that are named");
    if (!named && options_.force)
      throw Error(ErrorCode::kUsage,
                  "--force goes with snapshots that are named: a rule never removes the last");
    if (options_.host && options_.host->empty())
      throw Error(ErrorCode::kUsage, "--host takes the name of a server, not ''");
  }

  // What was removed is named: to run the same again might remove more.
  Error explained(const Error& e) const {
    if (gone_.empty()) return e;
    std::string ids;
    for (const SnapshotId& id : gone_) ids += (ids.empty() ? "" : ", ") + id.shortHex();
    return {e.code(), "after these snapshots were removed: " + ids + ": " + e.what(),
            "their data is still there in part; `enamel prune` removes it"};
  }

  bool isLookedAt(const Snapshot& snapshot) const {
    if (options_.host && snapshot.hostname != *options_.host) return false;
    return std::all_of(options_.tags.begin(), options_.tags.end(),
                       [&](const std::string& tag) { return snapshot.hasTag(tag); });
  }

  void applyPolicy() {
    std::vector<Snapshot> all = repository_.listSnapshots();
    const bool any = !all.empty();
    std::erase_if(all, [&](const Snapshot& snapshot) { return !isLookedAt(snapshot); });
    if (any && all.empty())
      throw Error(ErrorCode::kNotFound, "no snapshot is of this host and has these tags",
                  "`enamel snapshots` lists them");
    for (auto& group : repository::groupSnapshots(std::move(all)))
      result_.groups.push_back(
          repository::applyPolicy(std::move(group), options_.policy, repository_.clock().now()));
  }

  void takeNamed() {
    std::unordered_set<SnapshotId> named;
    for (const std::string& name : options_.snapshots) named.insert(repository_.findSnapshot(name).id);
    for (auto& group : repository::groupSnapshots(repository_.listSnapshots())) {
      std::vector<Verdict> verdicts;
      bool touched = false, complete_before = false, complete_after = false, any_after = false;
      for (auto snapshot = group.rbegin(); snapshot != group.rend(); ++snapshot) {
        const bool goes = named.contains(snapshot->id);
        const bool complete = !snapshot->hasTag(repository::kIncompleteTag);
        touched |= goes;
        complete_before |= complete;
        complete_after |= complete && !goes;
        any_after |= !goes;
        Verdict verdict{std::move(*snapshot), {}};
        if (!goes) verdict.reasons.emplace_back("not named");
        verdicts.push_back(std::move(verdict));
      }
      if (!touched) continue;
      if ((!any_after || (complete_before && !complete_after)) && !options_.force)
        throw Error(ErrorCode::kUsage,
                    std::string("that would remove the last ") + (complete_before ? "complete " : "") +
                        "backup of " + verdicts.front().snapshot.hostname + "; nothing was removed",
                    "make another backup first, or say --force");
      result_.groups.push_back(std::move(verdicts));
    }
  }

  void removeSnapshots(repository::RepositoryLock& lock) {
    progress_.setPhase("removing snapshots");
    for (const auto& group : result_.groups) {
      for (const Verdict& verdict : group) {
        if (verdict.keep()) continue;
        cancel_.check();
        lock.check();
        repository_.storage().remove({storage::FileType::kSnapshot, verdict.snapshot.id.hex()});
        gone_.push_back(verdict.snapshot.id);
      }
    }
  }

  // The snapshots go only once it is known that nothing keeps their data from going.
  void prune(repository::RepositoryLock* lock) {
    repository::PruneOptions prune = *options_.prune;
    prune.dry_run = options_.dry_run;
    prune.before_removal = [&] { removeSnapshots(*lock); };
    for (const auto& group : result_.groups)
      for (const Verdict& verdict : group)
        if (!verdict.keep()) prune.without.insert(verdict.snapshot.id);
    result_.prune = repository::prune(repository_, lock, prune, progress_, cancel_);
  }

  repository::Repository& repository_;
  const ForgetOptions& options_;
  Progress& progress_;
  CancelToken& cancel_;
  std::vector<SnapshotId> gone_;  // snapshots removed so far
  ForgetResult result_;
};

}  // namespace

ForgetResult runForget(repository::Repository& repository, const ForgetOptions& options, Progress& progress,
                       CancelToken& cancel) {
  return Forget(repository, options, progress, cancel).run();
}

}  // namespace enamel::jobs
