#include "jobs/compare_databases.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/time.h"
#include "mariadb/move_journal.h"
#include "mariadb/move_plan.h"
#include "mariadb/restore_session.h"
#include "mariadb/table_inventory.h"
#include "opendental/practice.h"

namespace enamel::jobs {
namespace {

using mariadb::Connection;
using mariadb::TableInfo;
using mariadb::TableKind;

constexpr double kCountingSecondsMax = 20;  // of both databases together

// How many rows; nullopt where the server would have to read a large table for it.
std::optional<std::uint64_t> countRows(Connection& connection, const std::string& database,
                                       const TableInfo& table, double deadline_s) {
  if (table.isMyIsam()) return table.rows;
  if (!table.problem.empty() || monotonicSeconds() > deadline_s) return std::nullopt;
  try {
    const bool limits = connection.serverVersion().find("MariaDB") != std::string::npos;
    const auto count =
        connection.queryValue(std::string(limits ? "SET STATEMENT max_statement_time=3 FOR " : "") +
                              "SELECT COUNT(*) FROM " + mariadb::qualified(database, table.name));
    if (count) return std::stoull(*count);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kDatabaseUnreachable) throw;
  }
  return std::nullopt;
}

// The parts of "24.3.12.0" as numbers, so that 24.10 is newer than 24.9.
std::vector<int> versionParts(const std::string& version) {
  std::vector<int> parts;
  for (std::size_t at = 0; at < version.size() && parts.size() < 8;) {
    const std::size_t dot = std::min(version.find('.', at), version.size());
    int part = 0;  // what is no number counts as 0
    std::from_chars(version.data() + at, version.data() + dot, part);
    parts.push_back(part);
    at = dot + 1;
  }
  return parts;
}

std::optional<opendental::PracticeFacts> factsOf(Connection& connection, const std::string& database) {
  connection.execute("USE " + mariadb::quoteName(database));
  return opendental::readPracticeFacts(connection);
}

std::string spelled(Connection& connection, const std::string& name) {
  if (auto found = mariadb::findDatabase(connection, name)) return *found;
  throw Error(ErrorCode::kNotFound, "there is no database " + name + " on the server",
              "look at the list of databases; the account may not see all of them");
}

class Comparison {
 public:
  Comparison(Connection& connection, const std::string& live, const std::string& copy)
      : connection_(connection) {
    result_.live = spelled(connection, live);
    result_.copy = spelled(connection, copy);
  }

  DatabaseComparison run() {
    if (result_.live == result_.copy) {
      result_.blockers.push_back("the copy and the database that people work with are the same");
      return std::move(result_);
    }
    compareTables();
    comparePractices();
    findSessions();
    findBlockers();
    return std::move(result_);
  }

 private:
  void compareTables() {
    const double deadline = monotonicSeconds() + kCountingSecondsMax;
    std::map<std::string, DatabaseComparison::Table> tables;
    const auto read = [&](const std::string& database,
                          std::optional<std::uint64_t> DatabaseComparison::Table::*rows,
                          std::vector<std::string>& names) {
      for (const TableInfo& table : mariadb::listTables(connection_, database)) {
        if (table.kind != TableKind::kTable || mariadb::isJournalTable(table.name)) continue;
        names.push_back(table.name);
        tables[table.name].*rows = countRows(connection_, database, table, deadline);
      }
    };
    std::vector<std::string> live, copy, missing;
    read(result_.live, &DatabaseComparison::Table::live_rows, live);
    read(result_.copy, &DatabaseComparison::Table::copy_rows, copy);
    for (auto& [name, table] : tables) {
      table.name = name;
      result_.tables.push_back(table);
    }
    for (const std::string& name : live)
      if (std::find(copy.begin(), copy.end(), name) == copy.end()) missing.push_back(name);
    if (missing.empty()) return;
    constexpr std::size_t kNamed = 5;
    std::string names;
    for (std::size_t i = 0; i < std::min(missing.size(), kNamed); ++i)
      names += (i == 0 ? "" : ", ") + missing[i];
    result_.warnings.push_back(std::to_string(missing.size()) + " tables of " + result_.live +
                               " are not in the copy: " + names + (missing.size() > kNamed ? ", ..." : ""));
  }

  void comparePractices() {
    const auto live = factsOf(connection_, result_.live), copy = factsOf(connection_, result_.copy);
    if (live) {
      result_.live_versions = {live->program_version, live->database_version};
      result_.live_newest_log = live->newest_log_entry;
    }
    if (copy) {
      result_.copy_versions = {copy->program_version, copy->database_version};
      result_.copy_newest_log = copy->newest_log_entry;
    }
    if (live && !copy)
      result_.blockers.push_back(
          "the copy " + result_.copy +
          " is no Open Dental database (it has no preference table with versions), but " + result_.live +
          " is one; restore the whole database, not single tables");
    if (!live || !copy) return;
    compareVersions();
    if (live->newest_log_entry && copy->newest_log_entry && *copy->newest_log_entry < *live->newest_log_entry)
      result_.warnings.push_back("what was entered after " + *copy->newest_log_entry +
                                 " (the newest entry of the copy's audit log) until " +
                                 *live->newest_log_entry +
                                 " will not be there; it stays in the database that is put aside");
    const auto folder = [](const opendental::PracticeFacts& facts) {
      std::string text;
      for (const auto& path : facts.image_folders) text += (text.empty() ? "" : ";") + path.text;
      return text;
    };
    if (folder(*live) != folder(*copy))
      result_.warnings.push_back("the copy looks for images in " + folder(*copy) +
                                 " (preference DocPath), now they are in " + folder(*live));
  }

  void compareVersions() {
    const auto& live = result_.live_versions;
    const auto& copy = result_.copy_versions;
    if (!copy.program.empty() && !copy.database.empty() && copy.program != copy.database)
      result_.warnings.push_back("in the copy the program's version is " + copy.program +
                                 ", the database's " + copy.database +
                                 ": an update of Open Dental may have been cut off when the backup was made");
    if (copy.program == live.program) return;
    const bool older = versionParts(copy.program) < versionParts(live.program);
    result_.warnings.push_back("the copy is of Open Dental " + copy.program + ", the office works with " +
                               live.program + ": " +
                               (older ? "the first workstation that starts will update the database, or must "
                                        "be set back to that version"
                                      : "the workstations must be updated before they can work with it"));
  }

  void findSessions() {
    const std::size_t others = mariadb::sessionsIn(connection_, result_.live).size();
    if (others != 0)
      result_.warnings.push_back(
          std::to_string(others) + " connections to " + result_.live +
          " are open: have everybody close Open Dental before, as programs that stay open "
          "would write what they remember into the restored data");
  }

  void findBlockers() {
    const auto add = [&](const Error& error) {
      result_.blockers.push_back(error.what() + (error.hint().empty() ? std::string() : "; " + error.hint()));
    };
    for (const Error& error : mariadb::findObstacles(connection_, result_.live, result_.copy)) add(error);
    for (const std::string& database : {result_.live, result_.copy}) {
      try {
        mariadb::requireMoveRights(connection_, database);
      } catch (const Error& error) {
        if (error.code() == ErrorCode::kDatabaseUnreachable) throw;
        add(error);
      }
    }
  }

  Connection& connection_;
  DatabaseComparison result_;
};

}  // namespace

DatabaseComparison compareDatabases(Connection& connection, const std::string& live,
                                    const std::string& copy) {
  return Comparison(connection, live, copy).run();
}

nlohmann::ordered_json comparisonJson(const DatabaseComparison& comparison) {
  using nlohmann::ordered_json;
  const auto orNull = [](const auto& value) { return value ? ordered_json(*value) : ordered_json(nullptr); };
  const auto versions = [](const DatabaseComparison::Versions& of) {
    return ordered_json{{"program", of.program}, {"database", of.database}};
  };
  ordered_json tables = ordered_json::array();
  for (const DatabaseComparison::Table& table : comparison.tables)
    tables.push_back({{"name", table.name},
                      {"live_rows", orNull(table.live_rows)},
                      {"copy_rows", orNull(table.copy_rows)}});
  return {{"live", comparison.live},
          {"copy", comparison.copy},
          {"tables", tables},
          {"live_versions", versions(comparison.live_versions)},
          {"copy_versions", versions(comparison.copy_versions)},
          {"live_newest_log", orNull(comparison.live_newest_log)},
          {"copy_newest_log", orNull(comparison.copy_newest_log)},
          {"warnings", comparison.warnings},
          {"blockers", comparison.blockers}};
}

}  // namespace enamel::jobs
