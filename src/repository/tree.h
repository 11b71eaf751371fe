#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "repository/ids.h"

namespace enamel::repository {

struct ExtendedAttribute {
  std::string name;
  Bytes value;
  friend bool operator==(const ExtendedAttribute&, const ExtendedAttribute&) = default;
};

enum class NodeType : std::uint8_t {
  kFile,
  kDirectory,
  kSymlink,
  kDevice,
  kCharDevice,
  kFifo,
  kSocket,
  kIrregular
};

// One entry of a tree: a file, folder, link or special file with its metadata. A plain value.
// Format: restic's design document, "Trees and Data".
struct Node {
  std::string name;  // raw bytes, one path component: never empty, ".", "..", no '/' or NUL
  NodeType type = NodeType::kFile;
  // Go's os.FileMode bits as restic stores them; goMode()/unixMode() convert from and to st_mode.
  std::uint32_t mode = 0;
  Timestamp mtime, atime, ctime;
  std::uint32_t uid = 0, gid = 0;
  std::string user, group;
  std::uint64_t inode = 0;
  std::uint64_t device_id = 0;  // st_dev, stored only where links > 1
  std::uint64_t size = 0;       // files: bytes of content
  std::uint64_t links = 0;
  std::string link_target;  // raw bytes
  std::vector<ExtendedAttribute> extended_attributes;
  std::uint64_t device = 0;       // st_rdev of devices
  std::vector<BlobId> content;    // files: the data blobs that join to the content
  std::optional<BlobId> subtree;  // folders: the tree blob of what is inside
  std::string error;

  friend bool operator==(const Node&, const Node&) = default;
};

struct Tree {
  std::vector<Node> nodes;  // sorted by name (bytewise), names unique

  // The node of that name, nullptr if there is none. REQUIRES: sorted.
  const Node* find(std::string_view name) const;
};

// st_mode <-> Go's os.FileMode.
std::uint32_t goMode(mode_t st_mode);
mode_t unixMode(std::uint32_t go_mode);

// The tree blob's plaintext: JSON, nodes sorted by name, a newline at the end. Equal trees give equal bytes,
// the same as restic writes for them.
Bytes encodeTree(const Tree& tree);

// Throws Error(kCorrupt) for anything that is not a tree, that has unsorted or duplicate names, or names that
// could leave their folder. `name` says whose tree it is, for the message.
Tree decodeTree(ByteView json, const std::string& name);

}  // namespace enamel::repository
