#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mariadb/definitions.h"
#include "mariadb/move_session.h"

namespace enamel::mariadb {

// A move puts a copy's tables in place of those of the database that people work with (the live one), which
// go into a third database, aside. Its journal is three tables in the database aside; the name of one of
// them says how far it is:
//
//   state      what is true
//   kPlanning  only the journal was made, or nobody needs it any more. It can be dropped.
//   kPlanned   the plan is whole. Of the copy's triggers some may be gone (they are in the plan). No table
//              moved yet, unless a server before 10.6 died in the middle of the RENAME TABLE: then those in
//              front did, in the plan's order.
//   kMoved     all tables moved: the same RENAME TABLE that moved them gave the journal this name. Views,
//              triggers, routines and events may still be the old ones.
//   kEnded     done. What it says is what an undo needs.
//
// Each state follows from a RENAME TABLE of the journal's own table, which a server makes durable at once,
// and everything between two states can be done again from its beginning.
enum class MoveState { kPlanning, kPlanned, kMoved, kEnded };

// The table that has the facts, by its state's name.
std::string_view journalTable(MoveState state);
// Whether a table is part of a journal.
bool isJournalTable(std::string_view table);

// Whose table or object it was before the move.
enum class MoveSide { kLive, kCopy };

struct MovedTable {
  MoveSide side = MoveSide::kLive;
  std::string name;
  // Where a table of the live database that has triggers is first put, in the live database: its triggers
  // stay on it as long as people may write to it, and cannot go to another database with it. Else empty.
  std::string hidden;
};

struct MovedObject {
  MoveSide side = MoveSide::kLive;
  DefinedObject object;
  std::string original;  // the database that its text may name
  bool enable = false;   // an event: is to be switched on where it goes
};

struct Move {
  MoveState state = MoveState::kPlanning;
  std::string aside;  // where the journal is, and where the live database's tables go
  std::string live, copy;
  bool undo = false;
  std::uint64_t number = 0;  // of all moves that can be seen, in the order of time
  std::string started;       // "2026-11-29 08:15:02", the server's time, UTC
  std::string live_character_set, live_collation, copy_character_set, copy_collation;

  friend bool operator==(const Move&, const Move&) = default;
};

struct MovePlan {
  std::vector<MovedTable> tables;  // in the order in which they move: the live ones first
  std::vector<MovedObject> objects;
};

// Every move whose journal the account can see, oldest first; those without facts (cut off while it was
// written) have no `live`.
std::vector<Move> findMoves(Connection& connection);

// The move that an undo would take back: the newest that ended.
std::optional<Move> lastMoveOf(Connection& connection, const std::string& live);

// A move of `live` that was cut off and waits to be completed or taken back.
std::optional<Move> unfinishedMoveOf(Connection& connection, const std::string& live);

// The plan of a move; state is kPlanned or later.
MovePlan readPlan(Connection& connection, const Move& move);

// Writes facts and plan into move.aside, which exists: state kPlanning, then kPlanned.
void writeJournal(MoveSession& session, Move& move, const MovePlan& plan);

// " `aside`.`from` TO `aside`.`to`", for a RENAME TABLE.
std::string stateChange(const Move& move, MoveState to);
void changeState(MoveSession& session, Move& move, MoveState to);

// Drops a journal that is in state kPlanning or kEnded.
void dropJournal(MoveSession& session, const Move& move);

}  // namespace enamel::mariadb
