#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "service/run.h"

namespace enamel::service {

// What became of the image files since the backup before (its parent).
struct ImageFigures {
  std::uint64_t files_new = 0, files_changed = 0, files_unmodified = 0;
  std::uint64_t files_rewritten = 0;      // of the changed ones: with other content
  std::uint64_t scrambled_new = 0;        // that look encrypted, of the new ones
  std::uint64_t scrambled_rewritten = 0;  // and of the rewritten ones

  std::uint64_t files() const { return files_new + files_changed + files_unmodified; }
  std::uint64_t known() const { return files_changed + files_unmodified; }
};

// A table with fewer rows than in the backup before.
struct TableFigures {
  std::string name;
  std::uint64_t rows_before = 0, rows = 0;
};

// The numbers of one backup, from what its run left in the history.
struct BackupFigures {
  std::int64_t run = 0;
  bool complete = false;
  Timestamp begin;
  double seconds = 0;
  double lock_seconds = 0;       // the office was paused
  std::string snapshot, parent;  // 64 digits; parent empty: everything was new
  std::uint64_t files = 0, data_bytes = 0, added_bytes = 0, stored_bytes = 0;
  std::optional<ImageFigures> images;  // nullopt: none were backed up, or an older version did not count them
  std::vector<TableFigures> fewer_rows;  // the tables that lost most
};

// nullopt if the run made no backup, or its result is none that can be read.
std::optional<BackupFigures> figuresOf(const Run& run, std::string_view result);

}  // namespace enamel::service
