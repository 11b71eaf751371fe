#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/archiver.h"
#include "mariadb/manifest.h"
#include "mariadb/url.h"
#include "repository/repository.h"

namespace enamel::mariadb {

enum class Indexes { kRebuild, kKeep };

struct CaptureOptions {
  std::string
      data_folder;         // --data-folder: the server's data folder as seen from here; empty: ask the server
  bool rows_only = false;  // never read table files
  bool clone = true;       // table files, where the file system can, instead of reading them under the lock
  Indexes indexes = Indexes::kRebuild;
  double lock_wait_s = 2;     // a lock not granted by then is given up
  int lock_attempts_max = 6;  // then kDatabaseBusy; pauses grow between attempts
  double lock_pause_s = 1;    // the first pause
  // A file changed less than this before it was read is read again under the lock: two changes that close
  // together may leave the same time on it, and clocks differ.
  double file_time_step_s = 3;
  // Table files are read under the lock no longer than this: those that would take longer are given up, and
  // named. It has to stay well below the silence after which the server takes a lock for abandoned.
  double locked_read_max_s = 30;
  std::size_t threads = 0;
  Priority priority = Priority::kIdle;
  std::uint64_t read_bytes_per_second_max = 0;
  std::uint64_t spill_bytes_max = 64U << 20;  // changed blocks kept in memory; more go to a temporary file
};

struct CaptureResult {
  repository::Node root;  // the folder "database" with all inside, saved through the writer
  Manifest manifest;
  files::ArchiveStats stats;
  std::vector<files::Problem> errors;  // tables that are not in the backup: incomplete
  std::vector<std::string> warnings;
};

// Captures address.database at one instant while it is in use. parent: the tree of /database in the parent
// snapshot. Throws if nothing can be captured (server gone, no rights, no such database, lock never granted).
CaptureResult captureDatabase(const Address& address, const std::optional<repository::BlobId>& parent,
                              const repository::Repository& repository, repository::BlobWriter& writer,
                              const CaptureOptions& options, Progress& progress, const CancelToken& cancel);

}  // namespace enamel::mariadb
