#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repository/repository.h"

namespace enamel::jobs {

// The components of a path in a snapshot, "/images/A/x.jpg"; a leading slash, doubled and trailing ones do
// not matter. Throws kUsage for "." and "..".
std::vector<std::string> splitPath(std::string_view path);

// The node at that path below a tree; nullopt if there is none. The root itself is a folder named "/".
std::optional<repository::Node> findNode(const repository::Repository& repository,
                                         const repository::BlobId& tree, std::string_view path);

}  // namespace enamel::jobs
