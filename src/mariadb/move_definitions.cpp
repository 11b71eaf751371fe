#include "mariadb/move_definitions.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/letter_case.h"
#include "mariadb/restore_session.h"
#include "mariadb/rights.h"
#include "mariadb/sql_script.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {
namespace {

using Key = std::pair<std::string, std::string>;  // type and name; names of objects know no case

Key keyOf(const DefinedObject& object) {
  return {object.type, upperCase(object.name)};
}

Statement statementOf(const DefinedObject& object) {
  return classifyStatement(object.statement,
                           object.sql_mode.find("NO_BACKSLASH_ESCAPES") == std::string::npos);
}

// As it is to be made in `database`; an event switched off, empty where that cannot be done.
DefinedObject placed(const MovedObject& moved, const std::string& database) {
  DefinedObject object = moved.object;
  const Statement statement = statementOf(object);
  if (object.type == "VIEW") object.statement = replaceSchema(statement, moved.original, database);
  if (object.type == "TRIGGER") object.statement = withoutTriggerSchema(statement);
  if (object.type == "EVENT") object.statement = withEventDisabled(statement);
  return object;
}

// What stands in the database, in the form of placed().
DefinedObject comparable(DefinedObject object) {
  if (object.type == "TRIGGER") object.statement = withoutTriggerSchema(statementOf(object));
  if (object.type == "EVENT") object.statement = withEventDisabled(statementOf(object));
  return object;
}

// What there is now. Where a move was cut off a view may need what is not there yet, and cannot be read: it
// has no statement then.
std::vector<DefinedObject> existingObjects(Connection& connection, const std::string& database) {
  connection.execute("USE " + quoteName(database));
  std::vector<DefinedObject> objects =
      readDefinitions(connection, database, listTables(connection, database)).objects;
  std::set<Key> readable;
  for (DefinedObject& object : objects) {
    object = comparable(std::move(object));
    readable.insert(keyOf(object));
  }
  const std::string name = quoteValue(database);
  for (const StoredRow& row : connection.query(
           "SELECT 'VIEW', TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'VIEW' AND "
           "TABLE_SCHEMA = " +
           name + " UNION ALL SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE " +
           "TRIGGER_SCHEMA = " + name + " UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM " +
           "information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " + name +
           " UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " +
           name)) {
    DefinedObject object;
    object.type = row.at(0).value_or("");
    object.name = row.at(1).value_or("");
    if (readable.count(keyOf(object)) == 0) objects.push_back(std::move(object));
  }
  return objects;
}

std::string describe(const DefinedObject& object) {
  std::string type = object.type;
  for (char& c : type) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return type + " " + object.name;
}

// Makes one object on a session of its own kind; without its definer where only the server's administrator
// may name one.
void make(MoveSession& session, const DefinedObject& object, std::vector<std::string>& warnings) {
  std::string settings = "SET sql_mode = " + quoteValue(object.sql_mode);
  if (!object.collation.empty()) settings += ", collation_connection = " + quoteValue(object.collation);
  if (!object.time_zone.empty()) settings += ", time_zone = " + quoteValue(object.time_zone);
  session.reading().execute(settings);
  try {
    session.execute(object.statement);
  } catch (const Error&) {
    constexpr unsigned kNeedsPrivilege = 1227;
    if (session.reading().lastErrorNumber() != kNeedsPrivilege) throw;
    const std::string own = withoutDefiner(object.statement);
    if (own == object.statement) throw;
    session.execute(own);
    warnings.push_back(describe(object) +
                       " now belongs to this account: making it for its definer needs more rights");
  }
}

// A view may need another one, or a function, that comes later: round by round until none makes anything new.
std::vector<std::string> makeAll(MoveSession& session, std::vector<DefinedObject> missing,
                                 std::vector<std::string>& warnings) {
  for (bool progress = true; progress && !missing.empty();) {
    progress = false;
    std::vector<std::string> failed;
    std::vector<DefinedObject> left;
    for (DefinedObject& object : missing) {
      try {
        if (object.statement.empty())
          throw Error(ErrorCode::kUnsupported, "it cannot be told how to switch it off");
        make(session, object, warnings);
        progress = true;
      } catch (const Error& error) {
        if (error.code() == ErrorCode::kDatabaseUnreachable || error.code() == ErrorCode::kCancelled ||
            error.code() == ErrorCode::kDatabaseBusy)
          throw;
        failed.push_back(describe(object) + ": " + error.what());
        left.push_back(std::move(object));
      }
    }
    missing = std::move(left);
    if (!progress) return failed;
  }
  return {};
}

}  // namespace

Definitions readAllDefinitions(Connection& connection, const std::string& database) {
  connection.execute("USE " + quoteName(database));
  Definitions definitions = readDefinitions(connection, database, listTables(connection, database));
  if (definitions.errors.empty()) return definitions;
  throw Error(ErrorCode::kDatabase,
              "views, triggers, routines or events of " + database +
                  " cannot be read, so they could not be moved: " + definitions.errors.front(),
              "use an account that may read them, or remove what is broken");
}

bool isEnabled(const DefinedObject& event) {
  const Statement statement = statementOf(event);
  const std::string disabled = withEventDisabled(statement);
  return !disabled.empty() && disabled != statement.text;
}

std::vector<std::string> reconcile(MoveSession& session, const Address& address, const std::string& database,
                                   const std::vector<MovedObject>& wanted,
                                   const std::vector<MovedObject>& known,
                                   std::vector<std::string>& warnings) {
  std::set<Key> ours;
  for (const MovedObject& moved : known) ours.insert(keyOf(moved.object));
  struct Wanted {
    DefinedObject object;
    bool there = false;
  };
  std::vector<Wanted> all;
  for (const MovedObject& moved : wanted) all.push_back({placed(moved, database)});
  for (const DefinedObject& actual : existingObjects(session.reading(), database)) {
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const Wanted& want) { return want.object == actual; });
    if (same != all.end()) {
      same->there = true;
    } else if (ours.count(keyOf(actual)) != 0) {
      session.execute("DROP " + actual.type + " IF EXISTS " + qualified(database, actual.name), database);
    } else {
      warnings.push_back(describe(actual) + " of " + database +
                         " was made by somebody meanwhile; it stays where it is");
    }
  }
  // A table's triggers run in the order in which they were made.
  std::set<std::string> new_order;
  for (const Wanted& want : all)
    if (!want.there && want.object.type == "TRIGGER") new_order.insert(want.object.table);
  std::vector<DefinedObject> missing;
  for (Wanted& want : all) {
    if (want.there && new_order.count(want.object.table) != 0 && want.object.type == "TRIGGER") {
      session.execute("DROP TRIGGER IF EXISTS " + qualified(database, want.object.name), database);
      want.there = false;
    }
    if (!want.there) missing.push_back(std::move(want.object));
  }
  std::stable_partition(missing.begin(), missing.end(),
                        [](const DefinedObject& object) { return object.type == "TRIGGER"; });
  std::vector<std::string> failed;
  if (!missing.empty()) {
    MoveSession maker(address, session.options(), session.cancel());
    maker.reading().execute("USE " + quoteName(database));
    failed = makeAll(maker, std::move(missing), warnings);
  }
  for (const MovedObject& moved : wanted) {
    if (moved.object.type != "EVENT" || !moved.enable) continue;
    try {
      session.execute("ALTER EVENT " + qualified(database, moved.object.name) + " ENABLE", database);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kDatabase && error.code() != ErrorCode::kNotFound) throw;
      failed.push_back("event " + moved.object.name + " could not be switched on: " + error.what());
    }
  }
  return failed;
}

void dropTriggersOf(MoveSession& session, const std::string& database,
                    const std::vector<std::string>& tables) {
  for (const StoredRow& row : session.reading().query("SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM "
                                                      "information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = " +
                                                      quoteValue(database))) {
    if (std::find(tables.begin(), tables.end(), row.at(1).value_or("")) == tables.end()) continue;
    session.execute("DROP TRIGGER IF EXISTS " + qualified(database, row.at(0).value_or("")), database);
  }
}

}  // namespace enamel::mariadb
