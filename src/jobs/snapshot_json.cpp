#include "jobs/snapshot_json.h"

#include <nlohmann/json.hpp>

namespace enamel::jobs {
namespace {

using nlohmann::ordered_json;
using repository::Node;
using repository::NodeType;

ordered_json summaryJson(const repository::SnapshotSummary& summary) {
  return {{"backup_start", formatRfc3339(summary.backup_start)},
          {"backup_end", formatRfc3339(summary.backup_end)},
          {"files_new", summary.files_new},
          {"files_changed", summary.files_changed},
          {"files_unmodified", summary.files_unmodified},
          {"dirs_new", summary.dirs_new},
          {"dirs_changed", summary.dirs_changed},
          {"dirs_unmodified", summary.dirs_unmodified},
          {"data_blobs", summary.data_blobs},
          {"tree_blobs", summary.tree_blobs},
          {"data_added", summary.data_added},
          {"data_added_packed", summary.data_added_packed},
          {"total_files_processed", summary.total_files_processed},
          {"total_bytes_processed", summary.total_bytes_processed}};
}

char typeLetter(NodeType type) {
  switch (type) {
    case NodeType::kDirectory:
      return 'd';
    case NodeType::kSymlink:
      return 'l';
    case NodeType::kDevice:
      return 'b';
    case NodeType::kCharDevice:
      return 'c';
    case NodeType::kFifo:
      return 'p';
    case NodeType::kSocket:
      return 's';
    case NodeType::kFile:
      return '-';
    case NodeType::kIrregular:
      break;
  }
  return '?';
}

}  // namespace

ordered_json snapshotJson(const repository::Snapshot& snapshot) {
  ordered_json object = {{"time", formatRfc3339(snapshot.time)}};
  if (snapshot.parent) object["parent"] = snapshot.parent->hex();
  object["tree"] = snapshot.tree.hex();
  object["paths"] = snapshot.paths;
  object["hostname"] = snapshot.hostname;
  object["username"] = snapshot.username;
  object["uid"] = snapshot.uid;
  object["gid"] = snapshot.gid;
  if (!snapshot.excludes.empty()) object["excludes"] = snapshot.excludes;
  if (!snapshot.tags.empty()) object["tags"] = snapshot.tags;
  if (snapshot.original) object["original"] = snapshot.original->hex();
  if (!snapshot.program_version.empty()) object["program_version"] = snapshot.program_version;
  if (snapshot.summary) object["summary"] = summaryJson(*snapshot.summary);
  object["id"] = snapshot.id.hex();
  object["short_id"] = snapshot.id.shortHex();
  return object;
}

ordered_json nodeJson(const Node& node, const std::string& path) {
  ordered_json object = {{"message_type", "node"}, {"struct_type", "node"},
                         {"name", node.name},      {"type", nodeTypeName(node.type)},
                         {"path", path},           {"uid", node.uid},
                         {"gid", node.gid}};
  if (node.type == NodeType::kFile) object["size"] = node.size;
  if (!node.link_target.empty()) object["linktarget"] = node.link_target;
  object["mode"] = node.mode;
  object["permissions"] = permissionText(node);
  object["mtime"] = formatRfc3339(node.mtime);
  object["atime"] = formatRfc3339(node.atime);
  object["ctime"] = formatRfc3339(node.ctime);
  if (node.inode != 0) object["inode"] = node.inode;
  return object;
}

std::string_view nodeTypeName(NodeType type) {
  switch (type) {
    case NodeType::kFile:
      return "file";
    case NodeType::kDirectory:
      return "dir";
    case NodeType::kSymlink:
      return "symlink";
    case NodeType::kDevice:
      return "dev";
    case NodeType::kCharDevice:
      return "chardev";
    case NodeType::kFifo:
      return "fifo";
    case NodeType::kSocket:
      return "socket";
    case NodeType::kIrregular:
      break;
  }
  return "irregular";
}

std::string permissionText(const Node& node) {
  const mode_t mode = repository::unixMode(node.mode);
  std::string text(1, typeLetter(node.type));
  for (int shift = 6; shift >= 0; shift -= 3) {
    const mode_t bits = mode >> shift;
    text += (bits & 4) != 0 ? 'r' : '-';
    text += (bits & 2) != 0 ? 'w' : '-';
    text += (bits & 1) != 0 ? 'x' : '-';
  }
  const auto special = [&](mode_t bit, std::size_t at, char with_x, char without_x) {
    if ((mode & bit) != 0) text[at] = text[at] == 'x' ? with_x : without_x;
  };
  special(S_ISUID, 3, 's', 'S');
  special(S_ISGID, 6, 's', 'S');
  special(S_ISVTX, 9, 't', 'T');
  return text;
}

}  // namespace enamel::jobs
