#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/restorer.h"
#include "mariadb/restore.h"
#include "mariadb/url.h"
#include "repository/repository.h"

namespace enamel::jobs {

struct RestoreOptions {
  std::string snapshot = "latest";  // as Repository::findSnapshot takes it
  // Where to; at least one of the three.
  std::optional<mariadb::Address> database_to;  // a running server
  std::filesystem::path images_to;              // the image folder's content
  std::filesystem::path files_to;               // everything in the snapshot as plain files
  std::string as;                               // the database's new name; empty: its own
  std::string data_folder;                      // of the target server, see mariadb::RestoreDatabaseOptions
  std::string scratch_folder;  // where table files are staged that must become rows, see there
  bool rows_only = false;
  std::vector<std::string> only;  // see Selection
  bool into_existing = false;     // see RestoreTarget
  // What the restored database's preference DocPath is set to: where it looks for images; empty: it stays.
  std::string doc_path;
  std::size_t threads = 0;
};

struct RestoreResult {
  repository::Snapshot snapshot;
  std::optional<mariadb::RestoreDatabaseResult> database;
  std::optional<files::RestoreResult> images, files;
  std::vector<std::string> warnings;
  std::vector<files::Problem> errors;  // everything that is not (whole) in a target
  std::string what_is_left;            // where it is not complete: what to do, for people
  double seconds_total = 0;
  bool complete() const { return errors.empty(); }
};

// Restores a snapshot, or a part of it. All targets are looked at before the first is written to. An existing
// database is never touched. Holds a shared lock on the repository; one that is mounted read-only is read
// without. Throws kUsage if there is nothing to do, kNotFound for what the snapshot does not hold, kExists
// for targets in use, and what the parts throw.
RestoreResult runRestore(repository::Repository& repository, const RestoreOptions& options,
                         Progress& progress, CancelToken& cancel);

}  // namespace enamel::jobs
