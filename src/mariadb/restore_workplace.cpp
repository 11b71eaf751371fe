#include "mariadb/restore_workplace.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
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
  return connection_.queryValue("SELECT state FROM " + qualified(database, kMarkerTable)).value_or("working");
}

bool RestoreWorkplace::isEmpty(const std::string& database) {
  const std::string name = quoteValue(database);
  return connection_.queryValue(
             "SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + name +
             ") + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " + name +
             ") + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " + name + ")") == "0";
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
void RestoreWorkplace::clear(const std::string& database) {
  for (const StoredRow& row : connection_.query("SHOW FULL TABLES FROM " + quoteName(database))) {
    if (row.size() < 2 || !row[0] || row[0] == kMarkerTable) continue;
    try {
      connection_.execute((row[1] == "VIEW" ? "DROP VIEW " : "DROP TABLE ") + qualified(database, *row[0]));
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;  // else its files are removed below
    }
  }
  std::string reason;
  if (const auto folder = findTargetFolder(connection_, database, data_folder_, reason)) {
    std::error_code error;
    for (fs::directory_iterator it(folder->path, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename();
      if (name == "db.opt" || splitTableFile(name).stem == encodeFileName(kMarkerTable)) continue;
      std::error_code ignored;  // what stays behind makes DROP DATABASE fail, which names the folder
      fs::remove(it->path(), ignored);
    }
  }
  connection_.execute("DROP DATABASE " + quoteName(database));
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

void RestoreWorkplace::writeMarker(const std::string& database, const std::string& state) {
  connection_.execute("UPDATE " + qualified(database, kMarkerTable) + " SET state = " + quoteValue(state));
}

void RestoreWorkplace::open(const Manifest& manifest, const std::string& label,
                            const std::string& data_folder) {
  data_folder_ = data_folder;
  character_set_ = manifest.character_set;
  collation_ = manifest.collation;
  const std::string lock = "enamel-restore-" + Sha256::of(asBytes(target_)).shortHex();
  if (connection_.queryValue("SELECT GET_LOCK(" + quoteValue(lock) + ", 0)") != "1") {
    throw Error(ErrorCode::kDatabaseBusy, "another restore to the database " + target_ + " is running",
                "wait for it to end, or choose another name with --as NAME");
  }
  const std::string working_state = exists(working_) ? markerState(working_) : std::string();
  if (exists(target_)) {
    const bool ours = !markerState(target_).empty() || (working_state == "promoting" && isEmpty(target_));
    if (!ours) {
      throw Error(ErrorCode::kExists,
                  "the database " + target_ + " exists already; a restore never goes over it",
                  "choose another name with --as NAME");
    }
    clear(target_);
  }
  if (exists(working_)) {
    if (working_state.empty() && !isEmpty(working_)) {
      throw Error(ErrorCode::kExists,
                  "the database " + working_ + " exists, and not as the work of a restore",
                  "rename it or choose another name with --as NAME");
    }
    clear(working_);
  }
  create(working_);
  connection_.execute(
      "CREATE TABLE " + qualified(working_, kMarkerTable) +
      " (target VARCHAR(64) NOT NULL, source VARCHAR(200) NOT NULL, state VARCHAR(20) NOT NULL) "
      "CHARACTER SET utf8 COMMENT 'an Enamel restore that has not ended'");
  connection_.execute("INSERT INTO " + qualified(working_, kMarkerTable) + " VALUES (" + quoteValue(target_) +
                      ", " + quoteValue(label.substr(0, 200)) + ", 'working')");
}

void RestoreWorkplace::promote() {
  writeMarker(working_, "promoting");
  create(target_);
  std::string statement = "RENAME TABLE ";
  bool first = true;
  for (const std::string& table : baseTables(working_)) {
    if (!first) statement += ", ";
    first = false;
    statement += qualified(working_, table) + " TO " + qualified(target_, table);
  }
  connection_.execute(statement);
}

void RestoreWorkplace::finish() {
  clear(working_);
  connection_.execute("DROP TABLE " + qualified(target_, kMarkerTable));
}

}  // namespace enamel::mariadb
