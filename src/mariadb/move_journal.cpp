#include "mariadb/move_journal.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

#include "base/error.h"
#include "mariadb/move_plan.h"
#include "mariadb/restore_session.h"

namespace enamel::mariadb {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"__enamel_move_planning", "__enamel_move_planned",
                                                     "__enamel_move_moved", "__enamel_move_ended"};
constexpr std::string_view kTables = "__enamel_move_tables";
constexpr std::string_view kObjects = "__enamel_move_objects";

std::string text(const StoredRow& row, std::size_t column) {
  return column < row.size() ? row[column].value_or("") : std::string();
}

const char* sideName(MoveSide side) {
  return side == MoveSide::kLive ? "live" : "copy";
}

std::string values(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& value : texts) list += (list.empty() ? "" : ", ") + quoteValue(value);
  return " VALUES (" + list + ")";
}

// An engine that survives the server's death, where there is one.
std::string engineOf(Connection& connection) {
  const std::string support =
      connection.queryValue("SELECT SUPPORT FROM information_schema.ENGINES WHERE ENGINE = 'InnoDB'")
          .value_or("NO");
  return support == "YES" || support == "DEFAULT" ? " ENGINE=InnoDB" : " ENGINE=MyISAM";
}

// False where the table is somebody's who only chose the same name.
bool readFacts(Connection& connection, Move& move) {
  std::vector<StoredRow> rows;
  try {
    rows = connection.query(
        "SELECT live, copy, is_undo, number, started, live_character_set, live_collation, "
        "copy_character_set, copy_collation FROM " +
        qualified(move.aside, journalTable(move.state)));
  } catch (const Error& error) {
    constexpr unsigned kUnknownColumn = 1054;
    if (connection.lastErrorNumber() == kUnknownColumn || error.code() == ErrorCode::kNotFound ||
        error.code() == ErrorCode::kDatabaseDenied)
      return false;
    throw;
  }
  if (rows.empty()) return move.state == MoveState::kPlanning;
  const StoredRow& row = rows.front();
  move.live = text(row, 0);
  move.copy = text(row, 1);
  move.undo = text(row, 2) == "1";
  move.number = std::strtoull(text(row, 3).c_str(), nullptr, 10);
  move.started = text(row, 4);
  move.live_character_set = text(row, 5);
  move.live_collation = text(row, 6);
  move.copy_character_set = text(row, 7);
  move.copy_collation = text(row, 8);
  return true;
}

}  // namespace

std::string_view journalTable(MoveState state) {
  return kStates[static_cast<std::size_t>(state)];
}

bool isJournalTable(std::string_view table) {
  return table == kTables || table == kObjects ||
         std::find(kStates.begin(), kStates.end(), table) != kStates.end();
}

std::vector<Move> findMoves(Connection& connection) {
  std::string names;
  for (const std::string_view state : kStates) names += (names.empty() ? "" : ", ") + quoteValue(state);
  std::vector<Move> moves;
  for (const StoredRow& row : connection.query(
           "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_NAME IN (" + names +
           ")")) {
    const auto state = std::find(kStates.begin(), kStates.end(), text(row, 1));
    if (state == kStates.end()) continue;
    Move move;
    move.aside = text(row, 0);
    move.state = static_cast<MoveState>(state - kStates.begin());
    if (readFacts(connection, move)) moves.push_back(std::move(move));
  }
  std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) {
    return std::tie(a.number, a.aside) < std::tie(b.number, b.aside);
  });
  return moves;
}

std::optional<Move> unfinishedMoveOf(Connection& connection, const std::string& live) {
  for (const Move& move : findMoves(connection))
    if ((move.state == MoveState::kPlanned || move.state == MoveState::kMoved) &&
        sameDatabase(connection, move.live, live))
      return move;
  return std::nullopt;
}

std::optional<Move> lastMoveOf(Connection& connection, const std::string& live) {
  std::optional<Move> last;
  for (const Move& move : findMoves(connection))
    if (move.state == MoveState::kEnded && !move.undo && sameDatabase(connection, move.live, live))
      last = move;
  return last;
}

MovePlan readPlan(Connection& connection, const Move& move) {
  MovePlan plan;
  const auto side = [](const std::string& name) {
    return name == "live" ? MoveSide::kLive : MoveSide::kCopy;
  };
  for (const StoredRow& row : connection.query("SELECT side, name, hidden FROM " +
                                               qualified(move.aside, kTables) + " ORDER BY position"))
    plan.tables.push_back({.side = side(text(row, 0)), .name = text(row, 1), .hidden = text(row, 2)});
  for (const StoredRow& row : connection.query(
           "SELECT side, type, name, on_table, sql_mode, collation, time_zone, original, enable, statement "
           "FROM " +
           qualified(move.aside, kObjects) + " ORDER BY position"))
    plan.objects.push_back({.side = side(text(row, 0)),
                            .object = {.type = text(row, 1),
                                       .name = text(row, 2),
                                       .table = text(row, 3),
                                       .sql_mode = text(row, 4),
                                       .collation = text(row, 5),
                                       .time_zone = text(row, 6),
                                       .statement = text(row, 9)},
                            .original = text(row, 7),
                            .enable = text(row, 8) == "1"});
  return plan;
}

void writeJournal(MoveSession& session, Move& move, const MovePlan& plan) {
  const std::string like =
      engineOf(session.reading()) + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT ";
  move.state = MoveState::kPlanning;
  const std::string facts = qualified(move.aside, journalTable(move.state));
  session.execute("CREATE TABLE " + facts +
                  " (live VARCHAR(64) NOT NULL, copy VARCHAR(64) NOT NULL, is_undo TINYINT NOT NULL, "
                  "number BIGINT UNSIGNED NOT NULL, started VARCHAR(30) NOT "
                  "NULL, live_character_set VARCHAR(64) NOT NULL, live_collation VARCHAR(64) NOT NULL, "
                  "copy_character_set VARCHAR(64) NOT NULL, copy_collation VARCHAR(64) NOT NULL)" +
                  like + "'how the tables beside this one came here: enamel undo takes it back'");
  move.started = session.reading().queryValue("SELECT UTC_TIMESTAMP()").value_or("");
  session.execute(
      "INSERT INTO " + facts +
      values({move.live, move.copy, move.undo ? "1" : "0", std::to_string(move.number), move.started,
              move.live_character_set, move.live_collation, move.copy_character_set, move.copy_collation}));
  session.execute("CREATE TABLE " + qualified(move.aside, kTables) +
                  " (position INT NOT NULL PRIMARY KEY, side VARCHAR(4) NOT NULL, name VARCHAR(64) NOT NULL, "
                  "hidden VARCHAR(64) NOT NULL)" +
                  like + "'tables that enamel go-live or undo moves'");
  session.execute(
      "CREATE TABLE " + qualified(move.aside, kObjects) +
      " (position INT NOT NULL PRIMARY KEY, side VARCHAR(4) NOT NULL, type VARCHAR(20) NOT NULL, name "
      "VARCHAR(64) NOT NULL, on_table VARCHAR(64) NOT NULL, sql_mode TEXT NOT NULL, collation VARCHAR(64) "
      "NOT NULL, time_zone VARCHAR(64) NOT NULL, original VARCHAR(64) NOT NULL, enable TINYINT NOT NULL, "
      "statement LONGTEXT NOT NULL)" +
      like + "'views, triggers, routines and events as they were before enamel go-live or undo'");
  int position = 0;
  std::string rows;
  for (const MovedTable& table : plan.tables)
    rows += (rows.empty() ? " VALUES (" : ", (") + std::to_string(++position) + ", " +
            quoteValue(sideName(table.side)) + ", " + quoteValue(table.name) + ", " +
            quoteValue(table.hidden) + ")";
  if (!rows.empty()) session.execute("INSERT INTO " + qualified(move.aside, kTables) + rows);
  position = 0;
  for (const MovedObject& moved : plan.objects) {
    const DefinedObject& object = moved.object;
    session.execute("INSERT INTO " + qualified(move.aside, kObjects) +
                    values({std::to_string(++position), sideName(moved.side), object.type, object.name,
                            object.table, object.sql_mode, object.collation, object.time_zone, moved.original,
                            moved.enable ? "1" : "0", object.statement}));
  }
  changeState(session, move, MoveState::kPlanned);
}

std::string stateChange(const Move& move, MoveState to) {
  return qualified(move.aside, journalTable(move.state)) + " TO " + qualified(move.aside, journalTable(to));
}

void changeState(MoveSession& session, Move& move, MoveState to) {
  session.execute("RENAME TABLE " + stateChange(move, to));
  move.state = to;
}

void dropJournal(MoveSession& session, const Move& move) {
  ENAMEL_CHECK(move.state == MoveState::kPlanning || move.state == MoveState::kEnded);
  // The one that makes it a journal last: until then it is found and dropped again.
  for (const std::string_view table : {kTables, kObjects, journalTable(move.state)})
    session.execute("DROP TABLE IF EXISTS " + qualified(move.aside, table));
}

}  // namespace enamel::mariadb
