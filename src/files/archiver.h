#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "base/time.h"
#include "repository/repository.h"

namespace enamel::files {

// Something of the source that is not in the backup as it should be.
struct Problem {
  std::string path;
  std::string what;  // "permission denied", "changed while it was read, stored as read at ..."
};

struct ArchiveOptions {
  std::size_t threads = 0;  // 0: one a CPU
  Priority priority = Priority::kIdle;
  std::uint64_t read_bytes_per_second_max = 0;  // 0: no limit
  bool one_file_system = false;       // true: mount points inside are stored as empty folders (restic's -x)
  std::vector<std::string> excludes;  // absolute paths left out
  // When the making of the parent began. Where a file system's times move in steps of seconds, a file of the
  // parent counts as unchanged only if its times are older than that: it may have changed again since.
  Timestamp parent_begin;
  // Whether they do; not given: as the file system is known for.
  std::optional<bool> coarse_times;
};

struct ArchiveStats {
  std::uint64_t files_new = 0, files_changed = 0, files_unmodified = 0;
  std::uint64_t dirs_new = 0, dirs_changed = 0, dirs_unmodified = 0;
  std::uint64_t files = 0, bytes = 0;  // all processed
  // Of the changed files those with other content; and of these, and of the new ones, those that look
  // encrypted (content_look.h).
  std::uint64_t files_rewritten = 0, scrambled_rewritten = 0, scrambled_new = 0;
};

struct ArchiveResult {
  repository::Node
      root;  // the folder itself; its name is the last component of the path; the caller may rename it
  ArchiveStats stats;
  std::vector<Problem> errors;    // something is missing: the backup is incomplete
  std::vector<Problem> warnings;  // changed while read and the like: nothing is missing
};

// Stores a folder. parent: the same folder's tree in the parent snapshot; files whose type, size, mtime,
// ctime and inode equal it are not read. Throws if the folder itself cannot be read, or the repository cannot
// be written.
ArchiveResult archiveFolder(const std::filesystem::path& folder,
                            const std::optional<repository::BlobId>& parent,
                            const repository::Repository& repository, repository::BlobWriter& writer,
                            const ArchiveOptions& options, Progress& progress, const CancelToken& cancel);

}  // namespace enamel::files
