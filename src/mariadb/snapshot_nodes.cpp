#include "mariadb/snapshot_nodes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kTextChunkBytes = 1U << 20;

}  // namespace

repository::Node SnapshotNodes::counted(repository::Node node, const repository::Tree* parent) {
  const repository::Node* before = parent != nullptr ? parent->find(node.name) : nullptr;
  if (before == nullptr) {
    ++stats_.files_new;
  } else if (before->content == node.content) {
    ++stats_.files_unmodified;
  } else {
    ++stats_.files_changed;
  }
  ++stats_.files;
  stats_.bytes += node.size;
  return node;
}

repository::Node SnapshotNodes::tableFile(const CapturedFile& file, const repository::Tree* parent) {
  repository::Node node;
  node.name = file.name;
  node.mode = repository::goMode(file.file.mode);
  node.mtime = node.atime = {.ns = file.file.stamp.mtime_ns};
  node.ctime = {.ns = file.file.stamp.ctime_ns};
  node.uid = file.file.uid;
  node.gid = file.file.gid;
  node.user = owners_.user(node.uid);
  node.group = owners_.group(node.gid);
  node.inode = file.file.stamp.inode;
  node.links = 1;
  node.size = file.bytes;
  node.content = file.content;
  for (const repository::BlobId& id : node.content) ENAMEL_CHECK(!id.isZero());
  return counted(std::move(node), parent);
}

repository::Node SnapshotNodes::stored(const std::string& name, std::vector<repository::BlobId> content,
                                       std::uint64_t bytes, Timestamp time, const repository::Tree* parent) {
  const repository::Node* before = parent != nullptr ? parent->find(name) : nullptr;
  if (before != nullptr && (time == instant_ || time == before->mtime) && before->content == content &&
      before->size == bytes && before->type == repository::NodeType::kFile)
    return counted(*before, parent);
  repository::Node node;
  node.name = name;
  node.mode = repository::goMode(S_IFREG | 0600);
  node.mtime = node.atime = node.ctime = time;
  node.uid = ::geteuid();
  node.gid = ::getegid();
  node.user = owners_.user(node.uid);
  node.group = owners_.group(node.gid);
  node.links = 1;
  node.size = bytes;
  node.content = std::move(content);
  return counted(std::move(node), parent);
}

repository::Node SnapshotNodes::text(const std::string& name, std::string_view content,
                                     const repository::Tree* parent) {
  std::vector<repository::BlobId> blobs;
  for (std::size_t at = 0; at < content.size(); at += kTextChunkBytes)
    blobs.push_back(
        writer_.save(repository::BlobType::kData, asBytes(content.substr(at, kTextChunkBytes))).id);
  return stored(name, std::move(blobs), content.size(), instant_, parent);
}

repository::Node SnapshotNodes::folder(const std::string& name, repository::Tree tree,
                                       const repository::Node* parent) {
  std::sort(tree.nodes.begin(), tree.nodes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  repository::Node node;
  node.name = name;
  node.type = repository::NodeType::kDirectory;
  node.mode = repository::goMode(S_IFDIR | 0700);
  node.mtime = node.atime = node.ctime = instant_;
  node.uid = ::geteuid();
  node.gid = ::getegid();
  node.user = owners_.user(node.uid);
  node.group = owners_.group(node.gid);
  node.links = 1;
  node.subtree = writer_.saveTree(tree);
  if (parent == nullptr) {
    ++stats_.dirs_new;
  } else if (parent->subtree == node.subtree) {
    ++stats_.dirs_unmodified;
  } else {
    ++stats_.dirs_changed;
  }
  return node;
}

}  // namespace enamel::mariadb
