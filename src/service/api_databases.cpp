// The databases of the practice's server: what could be made live, what was put aside, how two compare.

#include <atomic>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/letter_case.h"
#include "http/problem.h"
#include "jobs/compare_databases.h"
#include "mariadb/connection.h"
#include "mariadb/database_move.h"
#include "mariadb/move_plan.h"
#include "mariadb/restore_session.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"
#include "service/run_options.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;
using mariadb::Connection;
using nlohmann::ordered_json;

constexpr unsigned kConnectSeconds = 5;
// Comparing reads whole databases; the server's workers are for everybody.
constexpr int kAtOnceMax = 2;
constexpr unsigned kReadSeconds = 60;
constexpr std::string_view kWorkingSuffix = "__enamel_restoring";

std::shared_ptr<void> takePlace(const std::shared_ptr<std::atomic<int>>& taken) {
  if (taken->fetch_add(1) >= kAtOnceMax) {
    taken->fetch_sub(1);
    Problem problem(503, "the databases are being looked at by others", "busy", "wait a moment");
    problem.headers().set("Retry-After", "2");
    throw problem;
  }
  return {nullptr, [taken](void*) { taken->fetch_sub(1); }};
}

struct Server {
  Connection connection;
  std::string live;
};

Server connect(const ApiParts& parts) {
  const mariadb::Address address = parts.engine.databaseAddress();
  Connection::Options options;
  options.connect_timeout_s = kConnectSeconds;
  options.read_timeout_s = kReadSeconds;
  options.use_database = false;
  Connection connection(address, options);
  const auto live = mariadb::findDatabase(connection, address.database);
  return {std::move(connection), live.value_or(address.database)};
}

bool isSystem(const std::string& name) {
  const std::string upper = upperCase(name);
  return upper == "MYSQL" || upper == "SYS" || upper == "INFORMATION_SCHEMA" || upper == "PERFORMANCE_SCHEMA";
}

// The newest restore into a new database of that name, and the newest go-live that put tables into it.
struct History {
  std::map<std::string, Run> restored;
  std::map<std::string, std::int64_t> went_live;  // by the name of the database put aside
};

History historyOf(const Runs& runs) {
  constexpr std::size_t kLookedAt = 500;
  History history;
  for (const RunState state : {RunState::kDone, RunState::kIncomplete}) {
    for (const Run& run : runs.page({.kind = RunKind::kRestore, .state = state}, kLookedAt)) {
      const nlohmann::json options = nlohmann::json::parse(run.request.options, nullptr, false);
      const auto name = options.is_object() ? options.find("database_as") : options.end();
      if (name == options.end() || !name->is_string()) continue;
      const auto known = history.restored.find(name->get<std::string>());
      if (known == history.restored.end() || known->second.id < run.id)
        history.restored.insert_or_assign(name->get<std::string>(), run);
    }
    for (const Run& run : runs.page({.kind = RunKind::kGoLive, .state = state}, kLookedAt)) {
      const nlohmann::json result = nlohmann::json::parse(runs.result(run.id), nullptr, false);
      const auto aside = result.is_object() ? result.find("aside") : result.end();
      if (aside == result.end() || !aside->is_string()) continue;
      std::int64_t& id = history.went_live[aside->get<std::string>()];
      id = std::max(id, run.id);
    }
  }
  return history;
}

ordered_json preference(Connection& connection, const std::string& database, const char* name) {
  try {
    const auto value = connection.queryValue("SELECT LEFT(ValueString, 100) FROM " +
                                             mariadb::qualified(database, "preference") +
                                             " WHERE PrefName = " + mariadb::quoteValue(name));
    if (value) return *value;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kDatabaseUnreachable) throw;  // else it is no Open Dental database
  }
  return nullptr;
}

struct Size {
  std::uint64_t tables = 0;
  std::optional<std::uint64_t> bytes;
};

std::map<std::string, Size> sizes(Connection& connection) {
  std::map<std::string, Size> of;
  for (const mariadb::StoredRow& row : connection.query(
           "SELECT TABLE_SCHEMA, SUM(TABLE_TYPE <> 'VIEW'), SUM(DATA_LENGTH + INDEX_LENGTH) FROM "
           "information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', "
           "'performance_schema') GROUP BY TABLE_SCHEMA")) {
    Size& size = of[row.at(0).value_or("")];
    size.tables = std::stoull(row.at(1).value_or("0"));
    if (row.at(2)) size.bytes = std::stoull(*row.at(2));
  }
  return of;
}

Response list(const ApiParts& parts) {
  Server server = connect(parts);
  Connection& sql = server.connection;
  const std::map<std::string, Size> size_of = sizes(sql);
  const History history = historyOf(parts.runs);
  const auto last = mariadb::lastMoveOf(sql, server.live);
  std::map<std::string, mariadb::Move> asides;
  for (const mariadb::Move& move : mariadb::findMoves(sql))
    if (move.state == mariadb::MoveState::kEnded && !move.undo) asides[move.aside] = move;
  ordered_json array = ordered_json::array();
  for (const mariadb::StoredRow& row : sql.query("SHOW DATABASES")) {
    const std::string name = row.at(0).value_or("");
    if (isSystem(name) || name.ends_with(kWorkingSuffix)) continue;
    const auto size = size_of.find(name);
    const auto restored = history.restored.find(name);
    const auto aside = asides.find(name);
    const auto went_live = history.went_live.find(name);
    const bool can_undo = last && last->aside == name;
    const char* kind = "other";
    ordered_json made = nullptr, snapshot = nullptr;
    if (name == server.live) {
      kind = "live";
    } else if (aside != asides.end()) {
      kind = "aside";
      std::string time = aside->second.started;
      if (time.size() == 19) made = time.replace(10, 1, "T") + "Z";
    } else if (restored != history.restored.end()) {
      kind = "restored";
      made = timeJson(restored->second.ended);
      if (!restored->second.snapshot.empty()) snapshot = restored->second.snapshot;
    } else if (name.starts_with(server.live + "backup_")) {
      kind = "aside";  // as Open Dental's own tool names them
    }
    array.push_back(
        {{"name", name},
         {"kind", kind},
         {"bytes", size == size_of.end() || !size->second.bytes ? ordered_json(nullptr)
                                                                : ordered_json(*size->second.bytes)},
         {"tables", size == size_of.end() ? 0 : size->second.tables},
         {"program_version", preference(sql, name, "ProgramVersion")},
         {"database_version", preference(sql, name, "DataBaseVersion")},
         {"snapshot", snapshot},
         {"made", made},
         {"can_undo", can_undo},
         {"undo", can_undo && went_live != history.went_live.end() ? ordered_json(went_live->second)
                                                                   : ordered_json(nullptr)}});
  }
  return jsonResponse({{"live", server.live}, {"databases", array}});
}

Response compare(const ApiParts& parts, const Request& request) {
  Server server = connect(parts);
  return jsonResponse(jobs::comparisonJson(
      jobs::compareDatabases(server.connection, server.live, request.parameter("name"))));
}

}  // namespace

void addDatabaseRoutes(http::Router& router, const ApiParts& parts) {
  const auto taken = std::make_shared<std::atomic<int>>(0);
  router.get("/api/v1/databases", [parts, taken](const Request&) {
    const auto place = takePlace(taken);
    return list(parts);
  });
  router.get("/api/v1/databases/{name}/comparison", [parts, taken](const Request& request) {
    const auto place = takePlace(taken);
    return compare(parts, request);
  });
}

}  // namespace enamel::service
