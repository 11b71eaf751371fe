#include "mariadb/move_plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/letter_case.h"
#include "mariadb/move_definitions.h"
#include "mariadb/restore_names.h"
#include "mariadb/restore_session.h"
#include "mariadb/rights.h"
#include "mariadb/sql_script.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {
namespace {

constexpr std::string_view kHiddenPrefix = "__enamel_aside_";
constexpr std::string_view kOldNamePrefix = "#mysql50#";
constexpr std::size_t kNameCharactersMax = 64;

// Files that somebody copied into the folder by hand: they can be read, but not be moved back.
bool staysInPlace(const TableInfo& table) {
  return table.kind == TableKind::kView || table.name.starts_with(kOldNamePrefix) ||
         isJournalTable(table.name);
}

std::set<std::string> namesOf(const std::vector<TableInfo>& tables, bool views) {
  std::set<std::string> names;
  for (const TableInfo& table : tables) {
    if ((table.kind == TableKind::kView) != views || (!views && staysInPlace(table))) continue;
    names.insert(upperCase(table.name));
  }
  return names;
}

// A view keeps its place until the tables have moved.
void findNameClashes(const std::vector<TableInfo>& live, const std::vector<TableInfo>& copy,
                     std::vector<Error>& obstacles) {
  const auto check = [&](const std::set<std::string>& views, const std::set<std::string>& tables,
                         const char* text) {
    for (const std::string& name : views)
      if (tables.count(name) != 0)
        obstacles.push_back(Error(ErrorCode::kUnsupported, name + text,
                                  "rename the one or the other by hand, if they are not to be the same"));
  };
  check(namesOf(live, true), namesOf(copy, false),
        " is a view in the database that people work with, but a table in the copy");
  check(namesOf(copy, true), namesOf(live, false),
        " is a view in the copy, but a table in the database that people work with");
}

// Tables of two databases that hang on each other would point to the wrong ones afterwards.
void findBorderCrossings(Connection& connection, const std::string& live, const std::string& copy,
                         std::vector<Error>& obstacles) {
  const std::string both = "(" + quoteValue(live) + ", " + quoteValue(copy) + ")";
  for (const StoredRow& row : connection.query(
           "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME FROM "
           "information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA <> UNIQUE_CONSTRAINT_SCHEMA "
           "AND (CONSTRAINT_SCHEMA IN " +
           both + " OR UNIQUE_CONSTRAINT_SCHEMA IN " + both + ")"))
    obstacles.push_back(Error(ErrorCode::kUnsupported,
                              "table " + row.at(0).value_or("") + "." + row.at(1).value_or("") +
                                  " has a foreign key to " + row.at(2).value_or("") + "." +
                                  row.at(3).value_or("") + ", in another database",
                              "remove that foreign key first: afterwards it would point to the wrong table"));
}

void findTroubleInCopy(const std::string& copy, const std::vector<TableInfo>& tables,
                       std::vector<Error>& obstacles) {
  bool any = false;
  for (const TableInfo& table : tables) {
    if (table.name == kMarkerTable)
      obstacles.push_back(
          Error(ErrorCode::kIncomplete,
                "the database " + copy + " is of a restore that has not ended: it may not be whole",
                "restore again under another name; if that restore was cut off only while "
                "tidying up, running it again says so"));
    any = any || !staysInPlace(table);
    if (table.kind == TableKind::kTable && !table.problem.empty() && !staysInPlace(table))
      obstacles.push_back(Error(ErrorCode::kVerifyFailed,
                                "table " + table.name + " of " + copy + " cannot be opened: " + table.problem,
                                "restore again under another name"));
  }
  if (!any)
    obstacles.push_back(Error(ErrorCode::kNotFound, "there are no tables in the database " + copy,
                              "name the database that a backup was restored to"));
}

// In what a statement of the server's shows: events as they were before a restore switched them off.
void addObjects(MovePlan& plan, MoveSide side, const std::string& database,
                const std::vector<DefinedObject>& objects) {
  for (const DefinedObject& object : objects)
    plan.objects.push_back({.side = side, .object = object, .original = database, .enable = false});
}

using Key = std::pair<std::string, std::string>;
Key keyOf(const DefinedObject& object) {
  return {object.type, upperCase(object.name)};
}

// What the move that put `database` aside recorded of one side.
std::map<Key, MovedObject> recordedBy(Connection& connection, const std::vector<Move>& moves,
                                      const std::string& database, MoveSide side) {
  std::map<Key, MovedObject> recorded;
  const auto found = std::find_if(moves.begin(), moves.end(), [&](const Move& move) {
    return move.state == MoveState::kEnded && move.aside == database;
  });
  if (found == moves.end()) return recorded;
  for (MovedObject& moved : readPlan(connection, *found).objects)
    if (moved.side == side) recorded.emplace(keyOf(moved.object), std::move(moved));
  return recorded;
}

bool runs(const MovedObject& moved) {
  return moved.object.type == "EVENT" && isEnabled(moved.object);
}

// What the copy's objects are to be in the live database. A restore switches events off: one that runs in
// the live database runs on. What an earlier move recorded is what was there, to the letter.
void settleCopy(MovePlan& plan, const std::map<Key, MovedObject>& recorded) {
  std::map<Key, bool> live_runs;
  for (const MovedObject& moved : plan.objects)
    if (moved.side == MoveSide::kLive) live_runs[keyOf(moved.object)] = runs(moved);
  std::set<Key> seen;
  for (MovedObject& moved : plan.objects) {
    if (moved.side != MoveSide::kCopy) continue;
    const Key key = keyOf(moved.object);
    seen.insert(key);
    const auto found = recorded.find(key);
    if (found != recorded.end()) {
      moved.object = found->second.object;
      moved.original = found->second.original;
      moved.enable = runs(moved);
    } else {
      moved.enable = runs(moved) || (moved.object.type == "EVENT" && live_runs[key]);
    }
  }
  // Those that could not be made where they were put aside.
  for (const auto& [key, moved] : recorded) {
    if (seen.count(key) != 0) continue;
    MovedObject lost = moved;
    lost.side = MoveSide::kCopy;
    lost.enable = runs(lost);
    plan.objects.push_back(std::move(lost));
  }
}

void readCharacterSet(Connection& connection, const std::string& database, std::string& set,
                      std::string& collation) {
  const auto rows = connection.query(
      "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE "
      "SCHEMA_NAME = " +
      quoteValue(database));
  if (rows.empty()) throw Error(ErrorCode::kNotFound, "there is no database " + database);
  set = rows[0].at(0).value_or("");
  collation = rows[0].at(1).value_or("");
}

}  // namespace

std::optional<std::string> findDatabase(Connection& connection, const std::string& name) {
  // SHOW DATABASES spells a name as the server does, whatever case was asked for.
  std::optional<std::string> other_case;
  for (const StoredRow& row : connection.query("SHOW DATABASES")) {
    const std::string found = row.at(0).value_or("");
    if (found == name) return found;
    if (upperCase(found) == upperCase(name)) other_case = found;
  }
  if (other_case && sameDatabase(connection, *other_case, name)) return other_case;
  return std::nullopt;
}

bool sameDatabase(Connection& connection, const std::string& a, const std::string& b) {
  if (a == b) return true;
  return upperCase(a) == upperCase(b) &&
         connection.queryValue("SELECT @@lower_case_table_names").value_or("0") != "0";
}

std::string asideName(const std::string& live, const std::string& local_date, unsigned attempt) {
  const std::string end =
      "backup_" + local_date + (attempt == 0 ? std::string() : "_" + std::to_string(attempt));
  std::string name = live;
  const auto characters = [](const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  };
  while (characters(name) + end.size() > kNameCharactersMax) {
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0) == 0x80) name.pop_back();
    name.pop_back();
  }
  return name + end;
}

std::vector<Error> findObstacles(Connection& connection, const std::string& live, const std::string& copy) {
  std::vector<Error> obstacles;
  const std::vector<TableInfo> live_tables = listTables(connection, live);
  const std::vector<TableInfo> copy_tables = listTables(connection, copy);
  findTroubleInCopy(copy, copy_tables, obstacles);
  findNameClashes(live_tables, copy_tables, obstacles);
  findBorderCrossings(connection, live, copy, obstacles);
  for (const TableInfo& table : live_tables)
    if (table.name == kMarkerTable || table.name.starts_with(kHiddenPrefix) || isJournalTable(table.name))
      obstacles.push_back(Error(ErrorCode::kExists,
                                "the database " + live + " has a table " + table.name +
                                    ", of a restore or a move that has not ended, or was put aside",
                                "name the database that people work with"));
  return obstacles;
}

void requireMoveRights(Connection& connection, const std::string& database, const std::string& pattern) {
  static const std::vector<std::string> kRights = {
      "SELECT",  "INSERT",      "CREATE",    "DROP",           "ALTER",         "INDEX",
      "TRIGGER", "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT"};
  const std::vector<std::string> missing = missingRights(connection, kRights, database);
  const bool routines = seesAllRoutines(connection);
  if (missing.empty() && routines) return;
  std::string list, all;
  for (const std::string& right : missing) list += (list.empty() ? "" : ", ") + right;
  for (const std::string& right : kRights) all += (all.empty() ? "" : ", ") + right;
  const std::string account = accountName(connection);
  std::string grant;
  if (!missing.empty())
    grant = pattern.empty() ? grantOnDatabase(connection, all, database)
                            : "GRANT " + all + " ON " + quoteName(pattern) + ".* TO " + account;
  if (!routines) grant += (grant.empty() ? "" : "; ") + ("GRANT SELECT ON mysql.proc TO " + account);
  throw Error(ErrorCode::kDatabaseDenied,
              "the account " + account + " may not do all that moving tables takes: it lacks " +
                  (list.empty() ? "SELECT on mysql.proc (the routines of others)" : list + " on " + database),
              "run on the server, as its administrator: " + grant);
}

void requireDefinerRight(Connection& connection, const MovePlan& plan) {
  const std::string user = connection.queryValue("SELECT CURRENT_USER()").value_or("");
  const std::size_t at = std::min(user.rfind('@'), user.size());
  const std::string own = "DEFINER=" + quoteName(user.substr(0, at)) + "@" +
                          quoteName(at == user.size() ? std::string() : user.substr(at + 1));
  const auto foreign = std::find_if(plan.objects.begin(), plan.objects.end(), [&](const MovedObject& moved) {
    const std::string& text = moved.object.statement;
    return withoutDefiner(text) != text && text.find(own) == std::string::npos;
  });
  if (foreign == plan.objects.end()) return;
  const bool mariadb = connection.serverVersion().find("MariaDB") != std::string::npos;
  if (missingRights(connection, {"SET USER", "SUPER"}, foreign->original).size() < 2) return;
  throw Error(ErrorCode::kDatabaseDenied,
              "the account " + accountName(connection) +
                  " may not make views, triggers, routines and events " + "in the name of others, and " +
                  foreign->object.name + " belongs to somebody else",
              "run on the server, as its administrator: GRANT " +
                  std::string(mariadb ? "SET USER" : "SUPER") + " ON *.* TO " + accountName(connection));
}

MovePlan makePlan(Connection& connection, Move& move, const std::vector<Move>& earlier) {
  MovePlan plan;
  readCharacterSet(connection, move.live, move.live_character_set, move.live_collation);
  readCharacterSet(connection, move.copy, move.copy_character_set, move.copy_collation);
  const Definitions live = readAllDefinitions(connection, move.live);
  const Definitions copy = readAllDefinitions(connection, move.copy);
  std::set<std::string> with_triggers;
  for (const DefinedObject& object : live.objects)
    if (object.type == "TRIGGER") with_triggers.insert(object.table);
  for (const TableInfo& table : listTables(connection, move.live)) {
    if (staysInPlace(table)) continue;
    const bool hide = with_triggers.count(table.name) != 0;
    plan.tables.push_back(
        {.side = MoveSide::kLive,
         .name = table.name,
         .hidden = hide ? std::string(kHiddenPrefix) + std::to_string(plan.tables.size()) : std::string()});
  }
  for (const TableInfo& table : listTables(connection, move.copy))
    if (!staysInPlace(table))
      plan.tables.push_back({.side = MoveSide::kCopy, .name = table.name, .hidden = {}});
  addObjects(plan, MoveSide::kLive, move.live, live.objects);
  addObjects(plan, MoveSide::kCopy, move.copy, copy.objects);
  // An undo gives the copy back as it was: events that ran in it run there again.
  if (move.undo) {
    const auto before = recordedBy(connection, earlier, move.copy, MoveSide::kCopy);
    for (MovedObject& moved : plan.objects) {
      if (moved.side != MoveSide::kLive) continue;
      const auto found = before.find(keyOf(moved.object));
      moved.enable = found != before.end() && runs(found->second);
    }
  }
  settleCopy(plan, recordedBy(connection, earlier, move.copy, MoveSide::kLive));
  return plan;
}

}  // namespace enamel::mariadb
