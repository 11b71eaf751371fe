#include "files/stat_node.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace enamel::files {

using repository::Node;
using repository::NodeType;

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::optional<NodeType> typeOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return NodeType::kFile;
    case S_IFDIR:
      return NodeType::kDirectory;
    case S_IFLNK:
      return NodeType::kSymlink;
    case S_IFBLK:
      return NodeType::kDevice;
    case S_IFCHR:
      return NodeType::kCharDevice;
    case S_IFIFO:
      return NodeType::kFifo;
    case S_IFSOCK:
      return NodeType::kSocket;
    default:
      return std::nullopt;
  }
}

}  // namespace

Timestamp timestampOf(const timespec& time) {
  // Years past 2262 fit a timespec, but no Timestamp.
  constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / kNsPerSecond - 1;
  const std::int64_t seconds = std::clamp<std::int64_t>(time.tv_sec, -kSecondsMax, kSecondsMax);
  return {seconds * kNsPerSecond + time.tv_nsec};
}

timespec timespecOf(Timestamp time) {
  std::int64_t seconds = time.ns / kNsPerSecond;
  std::int64_t rest = time.ns % kNsPerSecond;
  if (rest < 0) {
    rest += kNsPerSecond;
    --seconds;
  }
  return {.tv_sec = seconds, .tv_nsec = rest};
}

bool isStorable(const struct stat& st) {
  return typeOf(st.st_mode).has_value();
}

Node nodeFromStat(std::string name, const struct stat& st, OwnerNames& owners) {
  Node node;
  node.name = std::move(name);
  node.type = typeOf(st.st_mode).value();
  node.mode = repository::goMode(st.st_mode);
  node.mtime = timestampOf(st.st_mtim);
  node.atime = node.mtime;
  node.ctime = timestampOf(st.st_ctim);
  node.uid = st.st_uid;
  node.gid = st.st_gid;
  node.user = owners.user(st.st_uid);
  node.group = owners.group(st.st_gid);
  node.inode = st.st_ino;
  switch (node.type) {
    case NodeType::kFile:
      node.size = static_cast<std::uint64_t>(st.st_size);
      node.links = st.st_nlink;
      break;
    case NodeType::kSymlink:
      node.links = st.st_nlink;
      break;
    case NodeType::kDevice:
    case NodeType::kCharDevice:
      node.links = st.st_nlink;
      node.device = st.st_rdev;
      break;
    default:
      break;
  }
  if (node.links > 1) node.device_id = st.st_dev;
  return node;
}

bool contentUnchanged(const Node& parent, const Node& now) {
  return parent.type == now.type && parent.size == now.size && parent.mtime == now.mtime &&
         parent.ctime == now.ctime && parent.inode == now.inode && parent.error.empty();
}

bool sameMetadata(const Node& a, const Node& b) {
  return contentUnchanged(a, b) && a.name == b.name && a.mode == b.mode && a.atime == b.atime &&
         a.uid == b.uid && a.gid == b.gid && a.user == b.user && a.group == b.group && a.links == b.links &&
         a.device_id == b.device_id && a.device == b.device && a.error == b.error;
}

}  // namespace enamel::files
