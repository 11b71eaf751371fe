#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "files/archiver.h"
#include "files/owner_names.h"
#include "mariadb/captured_file.h"
#include "repository/blob_writer.h"
#include "repository/tree.h"

namespace enamel::mariadb {

// Makes the nodes of a snapshot's /database, and counts what is new against the parent snapshot. Texts that
// did not change keep the parent's node, so that their folder's tree does not change either.
class SnapshotNodes {
 public:
  // instant: the time of what is made now.
  SnapshotNodes(repository::BlobWriter& writer, Timestamp instant) : writer_(writer), instant_(instant) {}

  // parent: the same folder's tree in the parent snapshot, or null; also below.
  repository::Node tableFile(const CapturedFile& file, const repository::Tree* parent);
  repository::Node text(const std::string& name, std::string_view content, const repository::Tree* parent);
  repository::Node stored(const std::string& name, std::vector<repository::BlobId> content,
                          std::uint64_t bytes, Timestamp time, const repository::Tree* parent);
  repository::Node folder(const std::string& name, repository::Tree tree, const repository::Node* parent);

  const files::ArchiveStats& stats() const { return stats_; }
  Timestamp instant() const { return instant_; }

 private:
  repository::Node counted(repository::Node node, const repository::Tree* parent);

  repository::BlobWriter& writer_;
  const Timestamp instant_;
  files::OwnerNames owners_;
  files::ArchiveStats stats_;
};

}  // namespace enamel::mariadb
