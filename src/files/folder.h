#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "repository/ids.h"
#include "repository/tree.h"

namespace enamel::files {

// A file that must be read, by its place among its folder's nodes.
struct FileJob {
  std::size_t slot = 0;
  struct stat before {};
  bool known = false;               // the parent snapshot has a file of that name
  std::uint64_t known_content = 0;  // contentMark() of it
};

// A folder that must be entered.
struct FolderJob {
  std::size_t slot = 0;
  std::optional<repository::BlobId> previous;  // its tree in the parent snapshot
  bool attributes_known = false;               // its extended attributes are taken from the parent snapshot
};

// A folder on its way into a tree: made when it is entered, gone when its tree is saved. One thread scans it;
// after that, threads touch only the nodes of their own jobs and the atomic members.
struct Folder {
  Folder(std::shared_ptr<Folder> parent_folder, std::size_t slot_in_parent)
      : parent(std::move(parent_folder)), slot(slot_in_parent) {}
  // A chain of parents may be very long: let go in a loop, not by recursion.
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // "/root/a/b": for messages.
  std::string path(const std::string& root) const;
  const repository::Node& node() const { return parent->nodes[slot]; }  // REQUIRES: not the root

  std::shared_ptr<Folder> parent;  // null: the root
  const std::size_t slot;          // of its own node among the parent's
  Fd fd;                           // empty if too many are open, see FolderFds
  std::optional<repository::BlobId> previous;
  std::vector<repository::Node> nodes;
  std::vector<char> dropped;  // per node, 1: not in the tree after all
  std::vector<FileJob> files;
  std::vector<FolderJob> folders;
  std::atomic<std::size_t> pending{1};  // jobs not done yet, and the scan itself
  std::atomic<bool> changed{false};     // not as in the parent snapshot
};

// Bounds the number of open folders, so that a tree of any depth can be walked. Thread-safe.
class FolderFds {
 public:
  // To be called once for each folder before its jobs begin: keeps its descriptor or closes it. Near the root
  // all are kept, further down one of many.
  void keepOrClose(Folder& folder);
  void close(Folder& folder);

  // A descriptor for the folder: its own, or one opened again into `opened` step by step from the nearest
  // ancestor that has one, links not followed. -1 with errno set if that fails or leads to another folder:
  // what the folder holds is then missing from the backup, though it may still be there.
  static int get(const Folder& folder, Fd& opened);

 private:
  static constexpr std::size_t kKeepAll = 128, kKeepSome = 512, kSomeDepths = 64;
  std::atomic<std::size_t> open_{0};
};

}  // namespace enamel::files
