#include "repository/lock.h"

#include <time.h>

#include <condition_variable>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "base/threads.h"
#include "repository/json_read.h"
#include "repository/process_identity.h"

namespace enamel::repository {

using storage::FileHandle;
using storage::FileType;

namespace {

bool isStale(const LockFile& lock, Timestamp now, const LockTiming& timing) {
  // Any time may stand in a lock: a difference of two could overflow.
  if (lock.time.ns < now.ns - timing.stale.count()) return true;
  const ProcessIdentity self = processIdentity();
  // Only this host can tell whether the process lives.
  const bool is_pid = lock.pid > 0 && lock.pid <= std::numeric_limits<pid_t>::max();
  return lock.hostname == self.hostname && is_pid && !processMayRun(static_cast<pid_t>(lock.pid));
}

// Time that passes while the computer sleeps, too: others count that.
std::chrono::nanoseconds bootTime() {
  struct timespec now {};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// nullopt if somebody removed it meanwhile.
std::optional<LockFile> loadLock(const Repository& repository, const Sha256& name) {
  constexpr int kTries = 3;
  constexpr std::chrono::milliseconds kPause(100);
  for (int i = 1;; ++i) {
    try {
      return decodeLockFile(repository.loadUnpacked(FileType::kLock, name), "lock " + name.shortHex());
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kNotFound) return std::nullopt;
      if (e.code() != ErrorCode::kCorrupt || i == kTries) throw;
    }
    // Other tools' storages may show a file that is still being written.
    std::this_thread::sleep_for(kPause);
  }
}

Error lockedBy(const LockFile& lock, const std::string& name) {
  return Error(ErrorCode::kRepositoryLocked,
               "the repository is locked " + std::string(lock.exclusive ? "exclusively " : "") +
                   "by process " + std::to_string(lock.pid) + " on " + lock.hostname + " (user " +
                   lock.username + ") since " + formatLocal(lock.time) + " (lock " + name.substr(0, 8) + ")",
               "wait until it is done; if that process is certainly gone: enamel unlock");
}

// Throws if a lock other than `own` conflicts; removes stale ones.
void checkOthers(Repository& repository, bool exclusive, const std::optional<Sha256>& own,
                 const LockTiming& timing) {
  const Timestamp now = repository.clock().now();
  for (const auto& info : repository.storage().list(FileType::kLock)) {
    const Sha256 name = *Sha256::parse(info.name);
    if (own && name == *own) continue;
    if (info.size == 0) continue;  // as restic: what an interrupted upload left on a weak store
    std::optional<LockFile> lock;
    try {
      lock = loadLock(repository, name);
    } catch (Error& e) {
      // An unreadable lock says nothing of its owner, who may work exclusively.
      e.addHint("if nobody works with the repository: enamel unlock --remove-all");
      throw;
    }
    if (!lock) continue;
    if (isStale(*lock, now, timing)) {
      repository.storage().remove({FileType::kLock, info.name});
      continue;
    }
    if (exclusive || lock->exclusive) throw lockedBy(*lock, info.name);
  }
}

}  // namespace

Bytes encodeLockFile(const LockFile& lock) {
  const nlohmann::ordered_json json = {{"time", formatRfc3339(lock.time)},
                                       {"exclusive", lock.exclusive},
                                       {"hostname", lock.hostname},
                                       {"username", lock.username},
                                       {"pid", lock.pid},
                                       {"uid", lock.uid},
                                       {"gid", lock.gid}};
  return toBytes(asBytes(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

LockFile decodeLockFile(ByteView json, const std::string& name) {
  return readJson(json, name, [](const JsonObject& object) {
    LockFile lock;
    lock.time = timeMember(object, "time");
    if (const auto exclusive = member(object, "exclusive")) lock.exclusive = exclusive->get_bool();
    lock.hostname = stringMember(object, "hostname");
    lock.username = stringMember(object, "username");
    if (const auto pid = member(object, "pid")) lock.pid = pid->get_int64();
    lock.uid = number32Member(object, "uid");
    lock.gid = number32Member(object, "gid");
    return lock;
  });
}

class RepositoryLock::Impl {
 public:
  Impl(Repository& repository, LockKind kind, CancelToken* lost, LockTiming timing)
      : repository_(repository), exclusive_(kind == LockKind::kExclusive), lost_(lost), timing_(timing) {
    checkOthers(repository_, exclusive_, std::nullopt, timing_);
    refreshed_ = bootTime();
    name_ = write();
    try {
      // Again, now that ours can be seen: of two that start at once, at least one sees the other.
      checkOthers(repository_, exclusive_, name_, timing_);
      refresher_ = startThread([this] { refreshUntilStopped(); });
    } catch (...) {
      remove(name_);
      throw;
    }
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    refresher_.join();
    remove(name_);
  }

  void check() {
    const std::lock_guard lock(mutex_);
    if (!lost_for_good_ && !mayBeLost()) return;
    throw Error(ErrorCode::kRepositoryLocked,
                "the repository's lock could not be kept: it was removed, or not refreshed for too long",
                "run the command again; see that this computer does not sleep meanwhile and that nobody uses "
                "`unlock --remove-all` while others work");
  }

 private:
  Sha256 write() {
    const ProcessIdentity self = processIdentity();
    return repository_.saveUnpacked(FileType::kLock, encodeLockFile({.time = repository_.clock().now(),
                                                                     .exclusive = exclusive_,
                                                                     .hostname = self.hostname,
                                                                     .username = self.username,
                                                                     .pid = self.pid,
                                                                     .uid = self.uid,
                                                                     .gid = self.gid}));
  }

  void remove(const Sha256& name) noexcept {
    try {
      repository_.storage().remove({FileType::kLock, name.hex()});
    } catch (const std::exception&) {
      // The storage is gone: the lock goes stale by itself, and a process of this host sees at once that we
      // are gone.
    }
  }

  // A lock that others may have taken for stale, or that somebody removed, cannot be had back by writing a
  // new one: what it protected may be gone.
  // REQUIRES mutex_.
  bool isTooOld() const { return bootTime() - refreshed_ > timing_.stale - timing_.refresh; }
  bool mayBeLost() const { return isTooOld() || !repository_.storage().size({FileType::kLock, name_.hex()}); }

  // Returns false once the lock is lost. REQUIRES mutex_.
  bool refresh() {
    std::optional<Sha256> fresh;
    try {
      if (mayBeLost()) return false;
      const auto now = bootTime();
      fresh = write();
      if (mayBeLost()) {
        remove(*fresh);
        return false;
      }
      const Sha256 old = std::exchange(name_, *fresh);
      refreshed_ = now;
      remove(old);
      return true;
    } catch (const std::exception&) {
      if (fresh) remove(*fresh);
      return !isTooOld();  // tried again at the next turn
    }
  }

  void refreshUntilStopped() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, timing_.refresh, [this] { return stopping_; })) {
      if (refresh()) continue;
      lost_for_good_ = true;
      if (lost_ != nullptr) lost_->cancel();
      return;
    }
  }

  Repository& repository_;
  const bool exclusive_;
  CancelToken* const lost_;
  const LockTiming timing_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Sha256 name_;                            // guarded by mutex_
  std::chrono::nanoseconds refreshed_{0};  // guarded by mutex_
  bool stopping_ = false;                  // guarded by mutex_
  bool lost_for_good_ = false;             // guarded by mutex_
  std::thread refresher_;
};

RepositoryLock::RepositoryLock(Repository& repository, LockKind kind, CancelToken* lost, LockTiming timing)
    : impl_(std::make_unique<Impl>(repository, kind, lost, timing)) {}
RepositoryLock::~RepositoryLock() = default;

void RepositoryLock::check() {
  impl_->check();
}

std::size_t removeLocks(Repository& repository, bool all, LockTiming timing) {
  std::size_t removed = 0;
  const Timestamp now = repository.clock().now();
  for (const auto& info : repository.storage().list(FileType::kLock)) {
    bool stale = all;
    if (!all) {
      try {
        const auto lock = loadLock(repository, *Sha256::parse(info.name));
        stale = lock && isStale(*lock, now, timing);
      } catch (const Error& e) {
        if (e.code() != ErrorCode::kCorrupt) throw;  // an unreadable one is left for --remove-all
      }
    }
    if (!stale) continue;
    repository.storage().remove({FileType::kLock, info.name});
    ++removed;
  }
  // Locks that were still being written when their program was killed have no name yet.
  if (all) {
    repository.storage().sweep(std::chrono::seconds(0));
  } else {
    repository.storage().sweep();
  }
  return removed;
}

}  // namespace enamel::repository
