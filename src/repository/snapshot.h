#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "repository/ids.h"

namespace enamel::repository {

// What a backup did, stored in the snapshot as newer restic versions do; older ones ignore it.
struct SnapshotSummary {
  Timestamp backup_start, backup_end;
  std::uint64_t files_new = 0, files_changed = 0, files_unmodified = 0;
  std::uint64_t dirs_new = 0, dirs_changed = 0, dirs_unmodified = 0;
  std::uint64_t data_blobs = 0, tree_blobs = 0;
  std::uint64_t data_added = 0;         // plaintext bytes of new blobs
  std::uint64_t data_added_packed = 0;  // bytes they take in the repository
  std::uint64_t total_files_processed = 0, total_bytes_processed = 0;
  friend bool operator==(const SnapshotSummary&, const SnapshotSummary&) = default;
};

// One backup. Format: restic's design document, "Snapshots".
struct Snapshot {
  SnapshotId id;  // not stored: the file's name
  Timestamp time;
  std::optional<SnapshotId> parent;
  BlobId tree;
  std::vector<std::string> paths;
  std::string hostname, username;
  std::uint32_t uid = 0, gid = 0;
  std::vector<std::string> excludes, tags;
  std::optional<SnapshotId> original;
  std::string program_version;
  std::optional<SnapshotSummary> summary;

  bool hasTag(std::string_view tag) const;
};

// The tag on a snapshot that is missing something that should be in it ("incomplete").
inline constexpr std::string_view kIncompleteTag = "enamel-incomplete";

Bytes encodeSnapshot(const Snapshot& snapshot);
// Throws Error(kCorrupt).
Snapshot decodeSnapshot(ByteView json, const SnapshotId& id);

}  // namespace enamel::repository
