#include "mariadb/restore_source.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "mariadb/capture_parent.h"
#include "mariadb/file_name.h"
#include "mariadb/restore.h"

namespace enamel::mariadb {

using repository::BlobType;
using repository::Node;
using repository::NodeType;

namespace {

constexpr std::string_view kManifestName = "manifest.json";

std::string loadText(const repository::Repository& repository, const Node& node, std::uint64_t size_max) {
  std::string text;
  for (const repository::BlobId& id : node.content) {
    const Bytes blob = repository.loadBlob(BlobType::kData, id);
    if (text.size() + blob.size() > size_max) {
      throw Error(ErrorCode::kLimit,
                  node.name + " is larger than the " + formatSize(size_max) + " expected here");
    }
    text += asText(blob);
  }
  return text;
}

Manifest manifestIn(const repository::Repository& repository, const repository::Tree& root) {
  const Node* node = root.find(kManifestName);
  if (node == nullptr || node->type != NodeType::kFile) {
    throw Error(ErrorCode::kNotFound, "there is no database in this snapshot (no /database/manifest.json)",
                "choose a snapshot that was made with --database");
  }
  try {
    return decodeManifest(asBytes(loadText(repository, *node, 256U << 20)));
  } catch (Error& e) {
    e.addContext("/database/manifest.json");
    throw;
  }
}

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

Manifest loadManifest(const repository::Repository& repository, const repository::BlobId& database_tree) {
  return manifestIn(repository, repository.loadTree(database_tree));
}

TableFileName splitTableFile(std::string_view file) {
  const std::size_t end = std::min(file.find_first_of(".#"), file.size());
  return {file.substr(0, end), file.substr(end)};
}

bool isTableFile(std::string_view file) {
  return isFileOfTable(file, splitTableFile(file).stem);
}

bool isFileOfTable(std::string_view file, std::string_view stem) {
  if (file.substr(0, stem.size()) != stem) return false;
  const std::string_view rest = file.substr(stem.size());
  if (rest == ".frm" || rest == ".MYD" || rest == ".MYI" || rest == ".par") return true;
  const bool partition = rest.substr(0, 3) == "#P#" || rest.substr(0, 3) == "#p#";
  return partition && (endsWith(rest, ".MYD") || endsWith(rest, ".MYI"));
}

RestoreSource::RestoreSource(const repository::Repository& repository,
                             const repository::BlobId& database_tree)
    : repository_(repository), root_(repository.loadTree(database_tree)) {
  manifest_ = manifestIn(repository, root_);
  for (const Node& node : root_.nodes) {
    if (node.type != NodeType::kDirectory || !node.subtree) continue;
    if (!folder_name_.empty()) {
      throw Error(ErrorCode::kCorrupt,
                  "/database holds more than one folder: " + folder_name_ + ", " + node.name);
    }
    folder_name_ = node.name;
    folder_id_ = *node.subtree;
    folder_ = repository.loadTree(folder_id_);
  }
}

const Node* RestoreSource::file(const ManifestTable& table, std::string_view suffix) const {
  const Node* node = folder_.find(table.file + std::string(suffix));
  return node != nullptr && node->type == NodeType::kFile ? node : nullptr;
}

std::vector<const Node*> RestoreSource::tableFiles(const ManifestTable& table) const {
  std::vector<const Node*> files;
  auto it = std::lower_bound(folder_.nodes.begin(), folder_.nodes.end(), table.file,
                             [](const Node& node, const std::string& name) { return node.name < name; });
  for (; it != folder_.nodes.end() && it->name.compare(0, table.file.size(), table.file) == 0; ++it) {
    if (it->type == NodeType::kFile && isFileOfTable(it->name, table.file)) files.push_back(&*it);
  }
  return files;
}

std::uint64_t RestoreSource::bytesOf(const ManifestTable& table) const {
  std::uint64_t bytes = 0;
  for (const Node* node : tableFiles(table)) bytes += node->size;
  if (const Node* rows = file(table, ".txt")) bytes += rows->size;
  return bytes;
}

std::string RestoreSource::text(const Node& node, std::uint64_t size_max) const {
  return loadText(repository_, node, size_max);
}

std::string RestoreSource::definitions() const {
  const std::string stem = folder_name_.empty() ? encodeFileName(manifest_.database) : folder_name_;
  const Node* node = root_.find(definitionsFileName(stem));
  return node != nullptr && node->type == NodeType::kFile ? text(*node) : std::string();
}

std::size_t NodeReader::read(MutableByteView buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    if (position_ == blob_.size()) {
      if (next_blob_ == node_.content.size()) break;
      blob_ = repository_.loadBlob(BlobType::kData, node_.content[next_blob_++]);
      position_ = 0;
      continue;
    }
    const std::size_t n = std::min(buffer.size() - filled, blob_.size() - position_);
    std::memcpy(buffer.data() + filled, blob_.data() + position_, n);
    filled += n;
    position_ += n;
  }
  return filled;
}

}  // namespace enamel::mariadb
