#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace enamel::mariadb {

// How a table got into a snapshot.
enum class TableForm {
  kFiles,       // .frm, .MYD and the header of .MYI: REPAIR TABLE ... QUICK makes the indexes
  kFilesKeyed,  // .frm, .MYD and .MYI whole
  kRows,        // .sql and .txt
  kDefinition,  // .sql alone: views' stand-ins, MERGE tables, tables that hold no rows of their own
};

struct ManifestTable {
  std::string name;  // as the server calls it, UTF-8
  std::string file;  // its files' stem in the snapshot (the server's file name encoding)
  std::string engine;
  TableForm form = TableForm::kFiles;
  std::uint64_t rows = 0;   // exact
  std::uint64_t bytes = 0;  // of what is stored, uncompressed
  std::string error;        // not empty: the table is not in the snapshot, and why
};

// /database/manifest.json: what the capture found, so that a restore can be held against it.
struct Manifest {
  static constexpr int kFormat = 1;
  std::string database;
  Timestamp instant;  // when the lock was held
  std::string server_version, server_comment;
  bool lower_case_names = false;  // lower_case_table_names != 0
  std::string character_set, collation;
  std::string binlog_file;  // empty: no binary log
  std::uint64_t binlog_position = 0;
  std::string gtid_position;
  // Office paused: from the request for the lock that made the instant to its release.
  double lock_seconds = 0;
  std::string lock_method;          // "BACKUP STAGE", "FLUSH TABLES WITH READ LOCK", "none"
  std::uint64_t lock_attempts = 0;  // requests for it, with those in vain
  // Writers may have waited behind requests too: the time that requests, granted or not, were pending (the
  // last one's is in lock_seconds as well) and that locks were held which were given back unused.
  double lock_wait_seconds = 0;
  std::vector<ManifestTable> tables;
  std::uint64_t views = 0, triggers = 0, routines = 0, events = 0;
  // Views, of those, that did not work when the backup was made: they name things that are not there.
  std::vector<std::string> broken_views;
  std::vector<std::string> warnings;

  std::uint64_t rowCount() const;
  // Tables that are in the backup.
  std::uint64_t tablesStored() const;
  const ManifestTable* find(std::string_view table) const;
};

Bytes encodeManifest(const Manifest& manifest);
// Throws kCorrupt or kUnsupported (a newer format); names and counts are checked, nothing in it is trusted.
Manifest decodeManifest(ByteView json);

}  // namespace enamel::mariadb
