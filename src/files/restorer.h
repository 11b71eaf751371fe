#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/archiver.h"
#include "repository/repository.h"

namespace enamel::files {

struct RestoreOptions {
  std::size_t threads = 0;
  // uid and gid; needs root, silently skipped where not permitted, as restic does. Files that do not get
  // their owner get no set-id bits either.
  bool ownership = true;
  // Restore only paths for which this is true (relative to the tree's root, '/' separated, no leading '/'); a
  // folder is entered if the filter accepts it or may_contain says something below could be accepted. Null:
  // everything.
  std::function<bool(const std::string& path)> accept;
  std::function<bool(const std::string& path)> may_contain;
};

struct RestoreResult {
  std::uint64_t files = 0, directories = 0, bytes = 0;
  std::vector<Problem> errors;  // named one by one; the rest is restored
};

// Writes a tree below target (made if missing). Existing files are replaced, each at once by the whole new
// one. What is restored is on disk when this returns (on the target's file system; on others mounted below it
// when they write it out by themselves). Files not in the tree are left alone. Paths stay below target
// whatever the tree says: symlinks in the way are not followed. Each pack is read once, in storage order.
RestoreResult restoreTree(const repository::Repository& repository, const repository::BlobId& tree,
                          const std::filesystem::path& target, const RestoreOptions& options,
                          Progress& progress, const CancelToken& cancel);

// Gives a folder the owner, extended attributes, mode and times of its node: restoreTree() leaves target's
// own alone. Returns what went wrong, empty if all is set. Throws if the folder cannot be opened.
std::string restoreOwnMetadata(const std::filesystem::path& folder, repository::Node node, bool ownership);

}  // namespace enamel::files
