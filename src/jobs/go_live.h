#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "jobs/compare_databases.h"
#include "mariadb/database_move.h"
#include "mariadb/url.h"

namespace enamel::jobs {

struct GoLiveOptions {
  mariadb::Address database;  // with the name of the database that people work with
  std::string copy;           // go-live: the database that takes its place
  std::string aside;          // undo: where its former tables must be; empty: wherever they are
  mariadb::MoveOptions move;
};

struct GoLiveResult {
  mariadb::MoveResult move;
  // As it was before; nullopt where a move that was cut off was completed or taken back.
  std::optional<DatabaseComparison> before;
  double seconds_total = 0;
  bool complete() const { return move.complete(); }
};

// Makes a restored copy the database that people work with, see mariadb::makeLive(). Throws kUsage where the
// copy is no Open Dental database though the live one is, and what that throws.
GoLiveResult runGoLive(const GoLiveOptions& options, Progress& progress, const CancelToken& cancel);

// Takes the newest go-live back, see mariadb::undoMove().
GoLiveResult runUndo(const GoLiveOptions& options, Progress& progress, const CancelToken& cancel);

// With message_type "summary".
nlohmann::ordered_json summaryJson(const GoLiveResult& result);

}  // namespace enamel::jobs
