#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "mariadb/manifest.h"
#include "mariadb/url.h"
#include "repository/repository.h"

namespace enamel::mariadb {

struct RestoreDatabaseOptions {
  std::string as = {};           // target name; empty: address.database, else the name in the manifest
  std::string data_folder = {};  // the target server's data folder as seen from here; empty: ask the server
  bool rows_only = false;        // never put files in place
  std::vector<std::string> only = {};  // tables (server names); empty: all
  std::size_t threads = 0;
  // Where a private server may lie for table files that must become rows; empty: $TMPDIR or /tmp.
  std::string scratch_folder = {};
  // Have table files on the disk before the tables appear under their name; off where the result is thrown
  // away.
  bool durable = true;
  // Go on with tables that this restore could not make whole, to see all there is to see; only where the
  // result is thrown away.
  bool keep_going = false;
  // Called when a phase begins ("files", "indexes", "rows", "sync", "promote", "definitions", "finish"), for
  // tests; what it throws ends the restore there.
  std::function<void(std::string_view phase)> on_phase = {};
};

struct RestoreDatabaseResult {
  std::string database;
  std::uint64_t tables = 0, rows = 0;  // restored whole
  // Tables that could not keep their names (see replacedTableNames), by what they are called now.
  std::map<std::string, std::string> renamed;
  std::vector<std::string> warnings;
  std::vector<std::string> errors;  // tables that are not (whole) in the result
  double seconds_files = 0, seconds_indexes = 0, seconds_rows = 0;
};

// The manifest of a snapshot's /database tree. Throws kNotFound if there is none, kCorrupt.
Manifest loadManifest(const repository::Repository& repository, const repository::BlobId& database_tree);

// Restores a snapshot's database (database_tree: its /database) to a running server, under a name that does
// not exist there yet (kExists otherwise). Works in a database named NAME__enamel_restoring and renames at
// the end; running again clears what is left in there. Row counts are compared with the manifest before the
// rename: a table that is not whole then ends the restore (kVerifyFailed, naming each), with nothing under
// the name. Tables that the snapshot does not have are named in errors, and so are tables without rows whose
// engine the server lacks (with keep_going they are made with another one, a warning), and views, triggers,
// routines and events that could not be made. Cut off after the rename began, the database holds a marker and
// is left to a person; the error and the next run's say what to do.
RestoreDatabaseResult restoreDatabase(const repository::Repository& repository,
                                      const repository::BlobId& database_tree, const Address& target,
                                      const RestoreDatabaseOptions& options, Progress& progress,
                                      const CancelToken& cancel);

}  // namespace enamel::mariadb
