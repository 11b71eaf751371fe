#include "repository/tree_walk.h"

#include <mutex>
#include <unordered_set>

#include "base/worker_pool.h"

namespace enamel::repository {

std::size_t walkTrees(const std::vector<BlobId>& roots,
                      const std::function<std::optional<Tree>(const BlobId&)>& load,
                      const std::function<void(const BlobId&, const Tree&)>& visit, std::size_t threads,
                      const CancelToken& cancel) {
  std::mutex mutex;
  std::unordered_set<BlobId> seen;  // guarded by mutex
  std::vector<BlobId> level;
  for (const BlobId& root : roots)
    if (seen.insert(root).second) level.push_back(root);
  std::size_t visited = 0;
  while (!level.empty()) {
    std::vector<BlobId> next;  // guarded by mutex
    parallelFor(level.size(), threads == 0 ? cpuCount() : threads, Priority::kNormal, [&](std::size_t i) {
      cancel.check();
      const std::optional<Tree> tree = load(level[i]);
      if (!tree) return;
      visit(level[i], *tree);
      const std::lock_guard lock(mutex);
      for (const Node& node : tree->nodes)
        if (node.subtree && seen.insert(*node.subtree).second) next.push_back(*node.subtree);
    });
    visited += level.size();
    level = std::move(next);
  }
  return visited;
}

}  // namespace enamel::repository
