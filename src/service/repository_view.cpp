#include "service/repository_view.h"

#include <algorithm>

#include "jobs/tree_path.h"
#include "mariadb/restore.h"

namespace enamel::service {

std::shared_ptr<const LoadedRepository> RepositoryView::get() {
  const auto found = [this] {
    const std::lock_guard lock(mutex_);
    used_ = true;
    return std::pair(open_, generation_);
  };
  if (auto open = found().first) return open;
  const std::lock_guard one_opens(opening_);
  const auto [open, generation] = found();
  if (open) return open;
  jobs::OpenRepository repository = engine_.openRepository();
  repository->loadIndex();
  auto loaded = std::make_shared<const LoadedRepository>(std::move(repository));
  const std::lock_guard lock(mutex_);
  if (generation == generation_) open_ = loaded;
  return loaded;
}

std::shared_ptr<const LoadedRepository> RepositoryView::getNewerThan(
    const std::shared_ptr<const LoadedRepository>& old) {
  {
    const std::lock_guard lock(mutex_);
    if (open_ == old) open_.reset();
  }
  return get();
}

void RepositoryView::forget() {
  const std::lock_guard lock(mutex_);
  open_.reset();
  ++generation_;
}

void RepositoryView::forgetIfIdle() {
  const std::lock_guard lock(mutex_);
  if (!used_) open_.reset();
  used_ = false;
}

SnapshotList listSnapshots(const repository::Repository& repository) {
  SnapshotList list;
  list.snapshots = repository.listSnapshots(&list.damaged);
  std::reverse(list.snapshots.begin(), list.snapshots.end());
  return list;
}

std::optional<mariadb::Manifest> manifestOf(const repository::Repository& repository,
                                            const repository::Snapshot& snapshot) {
  const auto node = jobs::findNode(repository, snapshot.tree, "/database");
  if (!node || !node->subtree) return std::nullopt;
  return mariadb::loadManifest(repository, *node->subtree);
}

}  // namespace enamel::service
