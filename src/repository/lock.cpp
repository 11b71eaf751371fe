#include "repository/lock.h"

#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "repository/json_read.h"
#include "repository/process_identity.h"

namespace enamel::repository {

using storage::FileHandle;
using storage::FileType;

namespace {

bool isStale(const LockFile& lock, Timestamp now, const LockTiming& timing) {
  if (now.ns - lock.time.ns > timing.stale.count()) return true;
  const ProcessIdentity self = processIdentity();
  // Only this host can tell whether the process lives.
  return lock.hostname == self.hostname && lock.pid > 0 && !processMayRun(static_cast<pid_t>(lock.pid));
}

// nullopt if somebody removed it meanwhile.
std::optional<LockFile> loadLock(const Repository& repository, const Sha256& name) {
  try {
    return decodeLockFile(repository.loadUnpacked(FileType::kLock, name), "lock " + name.shortHex());
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kNotFound) return std::nullopt;
    throw;
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
    std::optional<LockFile> lock;
    try {
      lock = loadLock(repository, name);
    } catch (Error& e) {
      // An unreadable lock says nothing of its owner. Shared work goes on beside it as restic does; exclusive
      // work does not.
      if (!exclusive && e.code() == ErrorCode::kCorrupt) continue;
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
    name_ = write();
    try {
      // Again, now that ours can be seen: of two that start at once, at least one sees the other.
      checkOthers(repository_, exclusive_, name_, timing_);
    } catch (...) {
      remove(name_);
      throw;
    }
    refresher_ = std::thread([this] { refreshUntilStopped(); });
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
    } catch (const Error&) {
      // The storage is gone: the lock goes stale by itself, and a process of this host sees at once that we
      // are gone.
    }
  }

  void refreshUntilStopped() {
    auto refreshed = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, timing_.refresh, [this] { return stopping_; })) {
      lock.unlock();
      try {
        const Sha256 old = name_;
        name_ = write();
        remove(old);
        refreshed = std::chrono::steady_clock::now();
      } catch (const Error&) {
        // Tried again at the next turn; given up before others may take the lock for stale.
        if (std::chrono::steady_clock::now() - refreshed > timing_.stale - timing_.refresh &&
            lost_ != nullptr) {
          lost_->cancel();
        }
      }
      lock.lock();
    }
  }

  Repository& repository_;
  const bool exclusive_;
  CancelToken* const lost_;
  const LockTiming timing_;
  Sha256 name_;  // the refresher's while it runs
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread refresher_;
};

RepositoryLock::RepositoryLock(Repository& repository, LockKind kind, CancelToken* lost, LockTiming timing)
    : impl_(std::make_unique<Impl>(repository, kind, lost, timing)) {}
RepositoryLock::~RepositoryLock() = default;

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
  return removed;
}

}  // namespace enamel::repository
