#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/cancel.h"
#include "repository/repository.h"

namespace enamel::repository {

// Visits each tree that is reachable from the roots once, however many folders share it, those nearest to the
// roots first. load(id) gives the tree, or nullopt where it cannot be had and the walk is to go on without
// it; visit(id, tree) then looks at it. Both are called from several threads at once; what they throw ends
// the walk. threads: 0: one a CPU. Returns how many trees were visited. REQUIRES loadIndex().
std::size_t walkTrees(const std::vector<BlobId>& roots,
                      const std::function<std::optional<Tree>(const BlobId&)>& load,
                      const std::function<void(const BlobId&, const Tree&)>& visit, std::size_t threads,
                      const CancelToken& cancel);

}  // namespace enamel::repository
