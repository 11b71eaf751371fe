#include "service/repository_view.h"

#include <algorithm>

#include "base/error.h"
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

SnapshotList RepositoryView::snapshots() {
  const auto repository = get();
  const std::vector<repository::SnapshotId> ids = (*repository)->snapshotIds();
  SnapshotList list;
  std::vector<repository::SnapshotId> unknown;
  {
    const std::lock_guard lock(mutex_);
    for (const repository::SnapshotId& id : ids) {
      const auto known = snapshots_.find(id);
      if (known == snapshots_.end())
        unknown.push_back(id);
      else
        list.snapshots.push_back(known->second);
    }
  }
  for (const repository::SnapshotId& id : unknown) {
    try {
      list.snapshots.push_back((*repository)->loadSnapshot(id));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kNotFound) continue;  // forgotten by somebody meanwhile
      if (error.code() != ErrorCode::kCorrupt) throw;
      list.damaged.emplace_back(error.what());
    }
  }
  std::sort(list.snapshots.begin(), list.snapshots.end(),
            [](const auto& a, const auto& b) { return a.time != b.time ? a.time > b.time : a.id > b.id; });
  const std::lock_guard lock(mutex_);
  snapshots_.clear();
  for (const repository::Snapshot& snapshot : list.snapshots) snapshots_.emplace(snapshot.id, snapshot);
  return list;
}

void RepositoryView::forget() {
  const std::lock_guard lock(mutex_);
  open_.reset();
  ++generation_;
}

void RepositoryView::forgetIfIdle() {
  const std::lock_guard lock(mutex_);
  if (!used_) {
    open_.reset();
    snapshots_.clear();
  }
  used_ = false;
}

std::optional<mariadb::Manifest> manifestOf(const repository::Repository& repository,
                                            const repository::Snapshot& snapshot) {
  const auto node = jobs::findNode(repository, snapshot.tree, "/database");
  if (!node || !node->subtree) return std::nullopt;
  return mariadb::loadManifest(repository, *node->subtree);
}

}  // namespace enamel::service
