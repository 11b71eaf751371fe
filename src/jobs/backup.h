#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/archiver.h"
#include "jobs/row_loss.h"
#include "mariadb/capture.h"
#include "mariadb/url.h"
#include "repository/repository.h"

namespace enamel::jobs {

struct BackupOptions {
  std::optional<mariadb::Address> database;  // at least one of database and images
  std::filesystem::path images;
  std::string data_folder;  // these four: see mariadb::CaptureOptions
  bool rows_only = false;
  double lock_wait_s = mariadb::CaptureOptions().lock_wait_s;
  int lock_attempts_max = mariadb::CaptureOptions().lock_attempts_max;
  mariadb::Indexes indexes = mariadb::Indexes::kRebuild;
  std::vector<std::string> excludes;  // below images: absolute, or relative to it
  std::vector<std::string> tags;
  std::string hostname;  // empty: this computer's name
  std::size_t threads = 0;
  Priority priority = Priority::kIdle;          // of everything but the moment the office is paused
  std::uint64_t read_bytes_per_second_max = 0;  // 0: no limit
  repository::WriterOptions writer;             // its priority is replaced by the one above
};

struct BackupResult {
  repository::Snapshot snapshot;              // as stored, with id and summary
  std::optional<mariadb::Manifest> manifest;  // of the database, if there was one to back up
  std::optional<files::ArchiveStats> images;  // of the image folder alone
  std::vector<RowLoss> fewer_rows;            // against the parent, if it could be read
  std::vector<files::Problem> errors;         // each thing that is missing from the snapshot
  std::vector<std::string> warnings;          // nothing is missing, but worth knowing
  double seconds_total = 0;
  bool complete() const { return errors.empty(); }
};

// Makes one snapshot of the database at one instant and of the image folder after it: /database and /images.
// What could not be read is named in errors and the snapshot carries kIncompleteTag; the rest is in it.
// Holds a shared lock on the repository; cancels `cancel` if that lock is lost. Throws, and leaves no
// snapshot, if the database cannot be captured at all, the image folder is missing or empty, the repository
// cannot be written, or on cancel; what was stored by then is reused by the next run.
BackupResult runBackup(repository::Repository& repository, const BackupOptions& options, Progress& progress,
                       CancelToken& cancel);

}  // namespace enamel::jobs
