#include "service/repository_view.h"

#include <algorithm>

#include "jobs/tree_path.h"
#include "mariadb/restore.h"

namespace enamel::service {

std::shared_ptr<const LoadedRepository> RepositoryView::get() {
  const std::lock_guard lock(mutex_);  // two who ask at once wait for one opening
  used_ = true;
  if (!open_) {
    jobs::OpenRepository open = engine_.openRepository();
    open->loadIndex();
    open_ = std::make_shared<const LoadedRepository>(std::move(open));
  }
  return open_;
}

void RepositoryView::forget() {
  const std::lock_guard lock(mutex_);
  open_.reset();
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
