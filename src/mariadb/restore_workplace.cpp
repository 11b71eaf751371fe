#include "mariadb/restore_workplace.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/letter_case.h"
#include "hash/sha256.h"
#include "mariadb/file_name.h"
#include "mariadb/restore_files.h"
#include "mariadb/restore_names.h"
#include "mariadb/restore_session.h"

namespace enamel::mariadb {
namespace fs = std::filesystem;
namespace {

bool isCharacterSetName(const std::string& name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string::npos;
}

// The state of a table that has the marker's name only.
constexpr std::string_view kNotOurs = "not ours";

// Servers before MariaDB 10.6 and MySQL 5.x know the 3-byte encoding under its old name only.
std::string oldName(std::string name) {
  if (name.compare(0, 7, "utf8mb3") == 0) name.replace(0, 7, "utf8");
  return name;
}

}  // namespace

RestoreWorkplace::RestoreWorkplace(Connection& connection, std::string target)
    : connection_(connection), target_(std::move(target)) {
  requireDatabaseName(target_);
  working_ = workingDatabaseName(target_);
}

bool RestoreWorkplace::exists(const std::string& database) {
  return connection_
      .queryValue("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + quoteValue(database))
      .has_value();
}

std::string RestoreWorkplace::markerState(const std::string& database) {
  const bool there =
      connection_
          .queryValue("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + quoteValue(database) +
                      " AND TABLE_NAME = " + quoteValue(kMarkerTable))
          .has_value();
  if (!there) return {};
  // A marker cut off before its row was written says that nothing happened yet.
  try {
    return connection_.queryValue("SELECT state FROM " + qualified(database, kMarkerTable))
        .value_or("working");
  } catch (const Error&) {
    constexpr unsigned kUnknownColumn = 1054;
    if (connection_.lastErrorNumber() != kUnknownColumn) throw;
    return std::string(kNotOurs);
  }
}

bool RestoreWorkplace::isEmpty(const std::string& database) {
  // SHOW sees what information_schema does not: tables whose files the server cannot open.
  for (const StoredRow& row : connection_.query("SHOW TABLES FROM " + quoteName(database)))
    if (row.at(0) != kMarkerTable) return false;
  const std::string name = quoteValue(database);
  return connection_.queryValue(
             "SELECT (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " + name +
             ") + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " + name + ")") == "0";
}

bool RestoreWorkplace::holdsOnlyOurMarker() {
  if (!isEmpty(target_)) return false;
  if (connection_.query("SHOW TABLES FROM " + quoteName(target_)).empty()) return true;
  std::vector<StoredRow> rows;
  try {
    rows = connection_.query("SELECT target, state FROM " + qualified(target_, kMarkerTable));
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
    return false;  // somebody's table of that name
  }
  // Without a row, it was cut off before that was written.
  if (rows.empty()) return true;
  return rows.size() == 1 && rows[0].at(1) == "promoting" &&
         upperCase(rows[0].at(0).value_or("")) == upperCase(target_);
}

std::vector<std::string> RestoreWorkplace::baseTables(const std::string& database) {
  std::vector<std::string> names;
  for (const StoredRow& row : connection_.query("SHOW FULL TABLES FROM " + quoteName(database))) {
    if (row.size() == 2 && row[0] && row[1] != "VIEW") names.push_back(*row[0]);
  }
  return names;
}

// Files that no table owns (half-written ones, a cut-off repair's) would keep DROP DATABASE from removing the
// folder; the marker goes last, with the database.
void RestoreWorkplace::clearWorking() {
  std::optional<Error> failed;
  for (const StoredRow& row : connection_.query("SHOW FULL TABLES FROM " + quoteName(working_))) {
    if (row.size() < 2 || !row[0] || row[0] == kMarkerTable) continue;
    try {
      connection_.execute((row[1] == "VIEW" ? "DROP VIEW " : "DROP TABLE ") + qualified(working_, *row[0]));
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      failed = e;  // a table of which files were missing is gone all the same
    }
  }
  for (const StoredRow& row : connection_.query("SHOW FULL TABLES FROM " + quoteName(working_))) {
    if (!row.at(0) || row[0] == kMarkerTable) continue;
    Error stays = failed.value_or(Error(ErrorCode::kDatabase, "somebody is making tables in it"));
    stays.addContext("the working database " + working_ +
                     " of an earlier restore cannot be cleared: its table " + *row[0] + " stays");
    stays.addHint("remove the cause, or run DROP DATABASE " + quoteName(working_) +
                  " by hand, or choose another name with --as NAME");
    throw stays;
  }
  std::string reason;
  if (const auto folder = findTargetFolder(connection_, working_, data_folder_, reason)) {
    std::error_code error;
    for (fs::directory_iterator it(folder->path, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename();
      if (name == "db.opt" || splitTableFile(name).stem == encodeFileName(kMarkerTable)) continue;
      std::error_code ignored;  // what stays behind makes DROP DATABASE fail, which names the folder
      fs::remove(it->path(), ignored);
    }
  }
  connection_.execute("DROP DATABASE " + quoteName(working_));
}

void RestoreWorkplace::create(const std::string& database) {
  const std::string statement = "CREATE DATABASE " + quoteName(database);
  if (!isCharacterSetName(character_set_)) {
    connection_.execute(statement);
    return;
  }
  const auto with = [&](const std::string& character_set, const std::string& collation) {
    return statement + " CHARACTER SET " + character_set +
           (isCharacterSetName(collation) ? " COLLATE " + collation : std::string());
  };
  for (const std::string& attempt :
       {with(character_set_, collation_), with(oldName(character_set_), oldName(collation_))}) {
    try {
      connection_.execute(attempt);
      return;
    } catch (const Error&) {
      constexpr unsigned kUnknownCharacterSet = 1115, kUnknownCollation = 1273, kCollationMismatch = 1253;
      const unsigned number = connection_.lastErrorNumber();
      if (number != kUnknownCharacterSet && number != kUnknownCollation && number != kCollationMismatch)
        throw;
    }
  }
  connection_.execute(statement);
  const std::string warning = "this server does not know the character set " + character_set_ + " / " +
                              collation_ + " of the database; it has the server's own (tables keep theirs)";
  if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end()) warnings_.push_back(warning);
}

void RestoreWorkplace::createMarker(const std::string& database, const std::string& state) {
  connection_.execute(
      "CREATE TABLE " + qualified(database, kMarkerTable) +
      " (target VARCHAR(64) NOT NULL, source VARCHAR(200) NOT NULL, state VARCHAR(20) NOT NULL) "
      "CHARACTER SET utf8 COMMENT 'an Enamel restore that has not ended'");
  connection_.execute("INSERT INTO " + qualified(database, kMarkerTable) + " VALUES (" + quoteValue(target_) +
                      ", " + quoteValue(label_) + ", " + quoteValue(state) + ")");
}

void RestoreWorkplace::writeMarker(const std::string& database, const std::string& state) {
  connection_.execute("UPDATE " + qualified(database, kMarkerTable) + " SET state = " + quoteValue(state));
}

void RestoreWorkplace::refuseTarget(const std::string& marker_state) {
  if (marker_state.empty() || marker_state == kNotOurs) {
    throw Error(ErrorCode::kExists,
                "the database " + target_ + " exists already; a restore never goes over it",
                "choose another name with --as NAME");
  }
  if (marker_state == "complete") {
    throw Error(
        ErrorCode::kExists,
        "the database " + target_ + " was restored whole; the restore was cut off only while tidying up",
        "to use it, run DROP TABLE " + qualified(target_, kMarkerTable) +
            " by hand; to restore once more, choose another name with --as NAME");
  }
  throw Error(ErrorCode::kExists,
              "the database " + target_ +
                  " is of a restore that was cut off while its tables were put in place: tables, views or "
                  "triggers may be missing in it, and people may have used it since, so it is not touched",
              "if nobody needs what is in it, run DROP DATABASE " + quoteName(target_) +
                  " by hand and restore again; else choose another name with --as NAME");
}

void RestoreWorkplace::open(const Manifest& manifest, const std::string& label,
                            const std::string& data_folder) {
  data_folder_ = data_folder;
  character_set_ = manifest.character_set;
  collation_ = manifest.collation;
  label_ = label.substr(0, 200);
  // Where names are the same in any case, so are the databases.
  const bool any_case = connection_.queryValue("SELECT @@lower_case_table_names").value_or("0") != "0";
  const std::string lock =
      "enamel-restore-" + Sha256::of(asBytes(any_case ? upperCase(target_) : target_)).shortHex();
  // A restore that just ended may not be gone for the server yet.
  if (connection_.queryValue("SELECT GET_LOCK(" + quoteValue(lock) + ", 2)") != "1") {
    throw Error(ErrorCode::kDatabaseBusy, "another restore to the database " + target_ + " is running",
                "wait for it to end, or choose another name with --as NAME");
  }
  const std::string working_state = exists(working_) ? markerState(working_) : std::string();
  if (exists(target_)) {
    // Cut off between making the target and moving the first table: everything is in the working database.
    if (working_state != "promoting" || !holdsOnlyOurMarker()) refuseTarget(markerState(target_));
    connection_.execute("DROP DATABASE " + quoteName(target_));
  }
  if (exists(working_)) {
    if (working_state == kNotOurs || (working_state.empty() && !isEmpty(working_))) {
      throw Error(ErrorCode::kExists,
                  "the database " + working_ + " exists, and not as the work of a restore",
                  "rename it or choose another name with --as NAME");
    }
    clearWorking();
  }
  create(working_);
  createMarker(working_, "working");
}

void RestoreWorkplace::promote(const std::map<std::string, std::string>& renamed) {
  writeMarker(working_, "promoting");
  try {
    create(target_);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kExists) throw;
    // The next restore must not take it for what this one made.
    writeMarker(working_, "working");
    throw Error(ErrorCode::kExists,
                "somebody made a database " + target_ +
                    " while the restore was under way; it is theirs and was not touched",
                "choose another name with --as NAME; what was restored so far lies in " + working_ +
                    ", which can be dropped by hand");
  }
  createMarker(target_, "promoting");
  target_made_ = true;
  std::string moves;
  for (const std::string& table : baseTables(working_)) {
    if (table == kMarkerTable) continue;
    const auto other = renamed.find(table);
    moves += (moves.empty() ? "" : ", ") + qualified(working_, table) + " TO " +
             qualified(target_, other == renamed.end() ? table : other->second);
  }
  if (!moves.empty()) connection_.execute("RENAME TABLE " + moves);
}

void RestoreWorkplace::finish() {
  writeMarker(target_, "complete");
  clearWorking();
  connection_.execute("DROP TABLE " + qualified(target_, kMarkerTable));
}

}  // namespace enamel::mariadb
