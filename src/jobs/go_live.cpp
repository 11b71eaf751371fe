#include "jobs/go_live.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/time.h"

namespace enamel::jobs {
namespace {

using mariadb::Connection;

// As Open Dental's own tool writes it: MM_dd_yyyy, the day in the practice's time.
std::string localDate() {
  const std::string day = formatLocal(Clock::system().now());
  return day.substr(5, 2) + "_" + day.substr(8, 2) + "_" + day.substr(0, 4);
}

void requireName(const GoLiveOptions& options) {
  if (options.database.database.empty())
    throw Error(ErrorCode::kUsage, "the address does not name the database that people work with",
                "give it as mariadb://USER@HOST/NAME");
}

// What is in both now; nullopt where a move that was cut off left them between two states.
std::optional<DatabaseComparison> compareBefore(Connection& connection, const std::string& live,
                                                const std::string& copy, Progress& progress) {
  if (mariadb::unfinishedMoveOf(connection, live)) return std::nullopt;
  progress.setPhase("comparing the databases");
  return compareDatabases(connection, live, copy);
}

Connection connect(const mariadb::Address& address) {
  mariadb::Connection::Options options;
  options.use_database = false;
  return Connection(address, options);
}

void addContextOf(const std::optional<DatabaseComparison>& before, GoLiveResult& result) {
  if (before)
    result.move.warnings.insert(result.move.warnings.begin(), before->warnings.begin(),
                                before->warnings.end());
}

}  // namespace

GoLiveResult runGoLive(const GoLiveOptions& options, Progress& progress, const CancelToken& cancel) {
  requireName(options);
  const double start = monotonicSeconds();
  GoLiveResult result;
  {
    Connection connection = connect(options.database);
    result.before = compareBefore(connection, options.database.database, options.copy, progress);
  }
  cancel.check();
  // The server's own reasons come from makeLive(), with their codes; this one it cannot know.
  if (result.before && !result.before->live_versions.database.empty() &&
      result.before->copy_versions.database.empty() && result.before->copy_versions.program.empty())
    throw Error(ErrorCode::kUsage, result.before->blockers.empty() ? "the copy is no Open Dental database"
                                                                   : result.before->blockers.front());
  result.move = mariadb::makeLive(options.database, options.database.database, options.copy, localDate(),
                                  options.move, progress, cancel);
  addContextOf(result.before, result);
  result.seconds_total = monotonicSeconds() - start;
  return result;
}

GoLiveResult runUndo(const GoLiveOptions& options, Progress& progress, const CancelToken& cancel) {
  requireName(options);
  const double start = monotonicSeconds();
  GoLiveResult result;
  {
    Connection connection = connect(options.database);
    const auto last = mariadb::lastMoveOf(connection, options.database.database);
    if (last) result.before = compareBefore(connection, options.database.database, last->aside, progress);
  }
  result.move = mariadb::undoMove(options.database, options.database.database, options.aside, options.move,
                                  progress, cancel);
  addContextOf(result.before, result);
  result.seconds_total = monotonicSeconds() - start;
  return result;
}

nlohmann::ordered_json summaryJson(const GoLiveResult& result) {
  const mariadb::MoveResult& move = result.move;
  nlohmann::ordered_json object = {{"message_type", "summary"},
                                   {"complete", result.complete()},
                                   {"live", move.live},
                                   {"copy", move.copy},
                                   {"aside", move.aside},
                                   {"tables_in", move.tables_in},
                                   {"tables_aside", move.tables_aside},
                                   {"seconds_moving", move.seconds_moving},
                                   {"total_duration", result.seconds_total},
                                   {"warnings", move.warnings},
                                   {"errors", move.errors}};
  object["before"] = result.before ? comparisonJson(*result.before) : nlohmann::ordered_json(nullptr);
  return object;
}

}  // namespace enamel::jobs
