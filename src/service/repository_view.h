#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "jobs/open_repository.h"
#include "mariadb/manifest.h"
#include "repository/snapshot.h"
#include "service/engine.h"

namespace enamel::service {

// Snapshots, newest first, and a line for each that cannot be read.
struct SnapshotList {
  std::vector<repository::Snapshot> snapshots;
  std::vector<std::string> damaged;
};

// An open repository with its index.
class LoadedRepository {
 public:
  explicit LoadedRepository(jobs::OpenRepository open) : open_(std::move(open)) {}
  const repository::Repository& operator*() const { return *open_.repository; }
  const repository::Repository* operator->() const { return open_.repository.get(); }

 private:
  jobs::OpenRepository open_;
};

// The repository as people look into it: opened, with its index, when somebody first asks, and kept open for
// those who ask next. What a backup or a removal changes is seen after forget(). Takes no lock: a backup that
// is removed while somebody looks into it is not found any more. Thread-safe.
class RepositoryView {
 public:
  // engine outlives it.
  explicit RepositoryView(const Engine& engine) : engine_(engine) {}

  // Throws what opening it throws.
  std::shared_ptr<const LoadedRepository> get();
  // As get(), but opened anew if what it was opened as is that: for who found something missing that somebody
  // else (`enamel backup`, `enamel prune`) may have stored or moved since.
  std::shared_ptr<const LoadedRepository> getNewerThan(const std::shared_ptr<const LoadedRepository>& old);
  // All there are at this moment. Each is read and opened once, and remembered: a snapshot's name is its
  // content. Throws what get() throws, and for a store that fails.
  SnapshotList snapshots();
  // The next get() opens it anew. Those who have it keep it.
  void forget();
  // As forget(), if nobody asked since the last call: so that a service at rest holds no index in memory.
  void forgetIfIdle();

 private:
  const Engine& engine_;
  std::mutex opening_;                            // taken before mutex_: one opens, others wait for it
  std::mutex mutex_;                              // held for moments only
  std::shared_ptr<const LoadedRepository> open_;  // guarded by mutex_
  std::uint64_t generation_ = 0;                  // guarded by mutex_; of forget()
  bool used_ = false;                             // guarded by mutex_
  std::unordered_map<repository::SnapshotId, repository::Snapshot> snapshots_;  // guarded by mutex_
};

// What the snapshot's database holds; nullopt if it has none. Throws kCorrupt.
std::optional<mariadb::Manifest> manifestOf(const repository::Repository& repository,
                                            const repository::Snapshot& snapshot);

}  // namespace enamel::service
