#include "jobs/tree_path.h"

#include "base/error.h"

namespace enamel::jobs {

std::vector<std::string> splitPath(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part == "." || part == "..")
      throw Error(ErrorCode::kUsage, "a path in a snapshot cannot contain \"" + std::string(part) + "\"");
    if (!part.empty()) parts.emplace_back(part);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

std::optional<repository::Node> findNode(const repository::Repository& repository,
                                         const repository::BlobId& tree, std::string_view path) {
  repository::Node node;
  node.name = "/";
  node.type = repository::NodeType::kDirectory;
  node.subtree = tree;
  for (const std::string& part : splitPath(path)) {
    if (!node.subtree) return std::nullopt;
    const repository::Tree folder = repository.loadTree(*node.subtree);
    const repository::Node* child = folder.find(part);
    if (child == nullptr) return std::nullopt;
    node = *child;
  }
  return node;
}

}  // namespace enamel::jobs
