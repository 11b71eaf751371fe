#include "mariadb/database_move.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "mariadb/move_definitions.h"
#include "mariadb/move_plan.h"
#include "mariadb/restore_names.h"
#include "mariadb/restore_session.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {
namespace {

constexpr unsigned kAsideNamesTried = 100;

std::vector<MovedObject> objectsOf(const MovePlan& plan, MoveSide side) {
  std::vector<MovedObject> objects;
  for (const MovedObject& moved : plan.objects)
    if (moved.side == side) objects.push_back(moved);
  return objects;
}

std::set<std::string> tableNames(Connection& connection, const std::string& database) {
  const std::vector<std::string> names = listTableNames(connection, database);
  return {names.begin(), names.end()};
}

bool isEmptyDatabase(Connection& connection, const std::string& database) {
  if (!tableNames(connection, database).empty()) return false;
  const std::string name = quoteValue(database);
  return connection.queryValue(
             "SELECT (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " + name +
             ") + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " + name + ")") == "0";
}

// One table's way.
struct Step {
  MoveSide side;
  std::string from_database, from, to_database, to;
  std::string rename() const { return qualified(from_database, from) + " TO " + qualified(to_database, to); }
  std::string renameBack() const {
    return qualified(to_database, to) + " TO " + qualified(from_database, from);
  }
};

std::vector<Step> stepsOf(const Move& move, const MovePlan& plan) {
  std::vector<Step> steps;
  for (const MovedTable& table : plan.tables) {
    Step step{.side = table.side, .from_database = {}, .from = table.name, .to_database = {}, .to = {}};
    const bool live = table.side == MoveSide::kLive;
    step.from_database = live ? move.live : move.copy;
    step.to_database = live && table.hidden.empty() ? move.aside : move.live;
    step.to = table.hidden.empty() ? table.name : table.hidden;
    steps.push_back(std::move(step));
  }
  return steps;
}

// One move from its locks to its end; makeLive() and undoMove() are the tables of contents.
class DatabaseMove {
 public:
  DatabaseMove(const Address& address, const MoveOptions& options, Progress& progress,
               const CancelToken& cancel)
      : address_(address), progress_(progress), session_(address, options, cancel) {}

  MoveResult makeLive(const std::string& live, const std::string& copy, const std::string& local_date) {
    begin(live);
    if (auto cut = unfinished()) {
      if (cut->undo || !sameDatabase(sql(), cut->copy, copy)) refuse(*cut);
      if (complete(*cut)) return std::move(result_);
    }
    std::vector<std::string> names;
    for (unsigned i = 0; i < kAsideNamesTried; ++i) names.push_back(asideName(live_, local_date, i));
    std::string pattern = grantPattern(asideName(live_, "", 0));
    if (const auto last = lastMoveOf(sql(), live_);
        last && !findDatabase(sql(), copy) && sameDatabase(sql(), last->copy, copy))
      throw Error(ErrorCode::kNotFound,
                  "the tables of " + copy + " are live already: they were put in place at " + last->started +
                      " UTC, and those of before are in " + last->aside,
                  "`enamel undo` takes that back");
    return fresh(existing(copy), false, names, pattern);
  }

  MoveResult undo(const std::string& live, const std::string& aside) {
    begin(live);
    if (auto cut = unfinished()) {
      const bool moved = cut->state == MoveState::kMoved;
      if (cut->undo) {
        if (complete(*cut)) return std::move(result_);
      } else if (moved) {
        complete(*cut);
        result_ = {};
      } else {
        takeBack(*cut);
        result_.live = live_;
        result_.copy = cut->copy;
        result_.warnings.push_back("a go-live from " + cut->copy +
                                   " that was cut off before it took effect was taken back");
        return std::move(result_);
      }
    }
    const auto last = lastMoveOf(sql(), live_);
    if (!last)
      throw Error(ErrorCode::kNotFound, "nothing was put aside for the database " + live_ + " by a go-live",
                  "a database that lies beside it can be made live with `enamel go-live --from NAME`");
    if (!aside.empty() && !sameDatabase(sql(), aside, last->aside))
      throw Error(ErrorCode::kUsage,
                  "only the newest go-live can be undone, and that put its tables into " + last->aside +
                      ", not into " + aside,
                  "to go back further, use `enamel go-live --from " + aside + "`");
    std::vector<std::string> names{last->copy};
    for (unsigned i = 1; i < kAsideNamesTried; ++i) {
      const std::string end = "_" + std::to_string(i);
      names.push_back(last->copy.substr(0, std::min<std::size_t>(last->copy.size(), 64 - end.size())) + end);
    }
    return fresh(last->aside, true, names, {});
  }

 private:
  Connection& sql() { return session_.reading(); }

  static std::string grantPattern(const std::string& name_begin) {
    std::string pattern;
    for (const char c : name_begin)
      pattern += (c == '_' || c == '%' || c == '\\' ? "\\" : "") + std::string(1, c);
    return pattern + "%";
  }

  std::string existing(const std::string& name) {
    if (auto found = findDatabase(sql(), name)) return *found;
    throw Error(
        ErrorCode::kNotFound, "there is no database " + name + " on the server",
        "`enamel restore --database-to URL --as NAME` makes one out of a backup; SHOW DATABASES lists "
        "what the account may see");
  }

  // One move at a time on a server: what another one left is then a dead one's.
  void begin(const std::string& live) {
    progress_.setPhase("looking at the databases");
    requireDatabaseName(live);
    live_ = existing(live);
    if (sql().queryValue("SELECT GET_LOCK('enamel-move', 2)") != "1")
      throw Error(ErrorCode::kDatabaseBusy, "another go-live or undo is at work on this server",
                  "wait for it to end");
    for (const Move& move : findMoves(sql())) {
      if (move.state != MoveState::kPlanning) continue;
      try {
        discard(move);
      } catch (const Error& error) {
        // It is in nobody's way; this account may only not be the one that made it.
        if (error.code() == ErrorCode::kDatabaseUnreachable) throw;
      }
    }
  }

  std::optional<Move> unfinished() { return unfinishedMoveOf(sql(), live_); }

  [[noreturn]] void refuse(const Move& cut) {
    const std::string what = cut.undo ? std::string("an undo") : "a go-live from " + cut.copy;
    throw Error(ErrorCode::kExists, what + " of the database " + live_ + " was cut off and is not complete",
                cut.undo ? "run `enamel undo` again, which completes it"
                         : "run `enamel go-live --from " + cut.copy +
                               "` again, which completes it, or `enamel undo`, which takes it back");
  }

  MoveResult fresh(const std::string& copy, bool undo, const std::vector<std::string>& aside_names,
                   const std::string& aside_pattern) {
    if (sameDatabase(sql(), live_, copy))
      throw Error(ErrorCode::kUsage, "the copy and the database that people work with are the same, " + live_,
                  "name the database that a backup was restored to");
    requireDatabaseName(copy);
    requireMoveRights(sql(), live_);
    requireMoveRights(sql(), copy);
    requireMoveRights(sql(), aside_names.front(), aside_pattern);
    for (const Error& obstacle : findObstacles(sql(), live_, copy)) throw obstacle;
    Move move;
    move.live = live_;
    move.copy = copy;
    move.undo = undo;
    const std::vector<Move> earlier = findMoves(sql());
    for (const Move& other : earlier) move.number = std::max(move.number, other.number + 1);
    MovePlan plan = makePlan(sql(), move, earlier);
    requireDefinerRight(sql(), plan);
    noteWhatStays();
    session_.cancel().check();
    makeAside(move, aside_names);
    try {
      progress_.setPhase("writing down what will move");
      writeJournal(session_, move, plan);
      progress_.tables_total = plan.tables.size();
      session_.cancel().check();
      swap(move, plan, stepsOf(move, plan));
    } catch (Error& error) {
      giveUp(move, error);
      throw;
    }
    noteNewcomers(plan);
    finish(move, plan);
    return std::move(result_);
  }

  // Made between the plan and the move.
  void noteNewcomers(const MovePlan& plan) {
    std::set<std::string> expected;
    for (const MovedTable& table : plan.tables)
      expected.insert(table.side == MoveSide::kCopy ? table.name : table.hidden);
    for (const TableInfo& table : listTables(sql(), live_))
      if (table.kind != TableKind::kView && expected.count(table.name) == 0 &&
          !table.name.starts_with("#mysql50#"))
        result_.warnings.push_back("table " + table.name + " was made in " + live_ +
                                   " at this very moment and is among the copy's now");
  }

  // Nothing has changed for anybody yet: it is made as if nothing had been.
  void giveUp(Move& move, Error& error) {
    if (error.code() == ErrorCode::kDatabaseUnreachable) {
      addWayOut(move, error);
      return;
    }
    try {
      session_.finishWhateverComes();
      if (move.state == MoveState::kPlanning) {
        discard(move);
      } else {
        takeBack(move);
      }
      error.addHint("nothing was changed");
    } catch (const Error& second) {
      error.addContext("taking it back failed too (" + std::string(second.what()) + ")");
      addWayOut(move, error);
    }
  }

  static void addWayOut(const Move& move, Error& error) {
    error.addHint(move.undo ? "when the cause is gone, run `enamel undo` again: it completes what was begun"
                            : "when the cause is gone, run `enamel go-live` again, which completes what was "
                              "begun, or `enamel undo`, which takes it back");
  }

  void noteWhatStays() {
    for (const std::string& table : listTableNames(sql(), live_))
      if (table.starts_with("#mysql50#"))
        result_.warnings.push_back("table " + table + " stays in " + live_ +
                                   ": a server can read a table of such a name, but not move it back");
  }

  void makeAside(Move& move, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (sameDatabase(sql(), name, move.copy)) continue;
      const std::string set = " CHARACTER SET " + move.live_character_set + " COLLATE " + move.live_collation;
      move.aside = name;
      try {
        session_.execute("CREATE DATABASE " + quoteName(name) + set);
        return;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::kExists) throw;
      }
      // What an earlier one that was cut off made, or somebody for this: nothing is in it.
      if (!isEmptyDatabase(sql(), name)) continue;
      session_.execute("ALTER DATABASE " + quoteName(name) + set);
      return;
    }
    throw Error(ErrorCode::kExists,
                "there are databases of every name that the present one could get, up to " + names.back(),
                "remove or rename those that nobody needs");
  }

  // Moves what has not moved yet, then the journal's name, in one statement.
  void swap(Move& move, const MovePlan& plan, const std::vector<Step>& steps) {
    std::vector<std::string> with_triggers;
    for (const MovedObject& moved : plan.objects)
      if (moved.side == MoveSide::kCopy && moved.object.type == "TRIGGER")
        with_triggers.push_back(moved.object.table);
    dropTriggersOf(session_, move.copy, with_triggers);
    progress_.setPhase("putting the copy in place");
    const std::size_t at_once = session_.options().tables_a_rename;
    std::string renames;
    std::size_t count = 0;
    const double start = monotonicSeconds();
    for (const Step& step : steps) {
      renames += (renames.empty() ? "" : ", ") + step.rename();
      if (at_once == 0 || ++count % at_once != 0) continue;
      session_.execute("RENAME TABLE " + renames, live_);
      renames.clear();
    }
    session_.execute(
        "RENAME TABLE " + (renames.empty() ? "" : renames + ", ") + stateChange(move, MoveState::kMoved),
        live_);
    move.state = MoveState::kMoved;
    result_.seconds_moving = monotonicSeconds() - start;
    progress_.tables_done = plan.tables.size();
  }

  [[noreturn]] static void refuseDisorder(const Move& move, const Step& step) {
    throw Error(ErrorCode::kDatabase,
                "the " + std::string(move.undo ? "undo" : "go-live") + " of " + move.live +
                    " was cut off in the middle, and somebody moved or removed tables since: table " +
                    step.from + " of " + step.from_database + " is not where it should be",
                "the table __enamel_move_tables in " + move.aside +
                    " lists what was to move; put the table back by hand, with RENAME TABLE");
  }

  // Which steps were made. They were made in their order: none of the copy's before all of the live ones.
  std::vector<bool> stepsMade(const Move& move, const std::vector<Step>& steps) {
    const std::set<std::string> live = tableNames(sql(), move.live), copy = tableNames(sql(), move.copy),
                                aside = tableNames(sql(), move.aside);
    std::vector<bool> made(steps.size(), false);
    std::size_t count = 0;
    while (count < steps.size() && steps[count].side == MoveSide::kLive &&
           (steps[count].to_database == move.aside ? aside : live).count(steps[count].to) != 0)
      made[count++] = true;
    if (count < steps.size() && steps[count].side == MoveSide::kLive) {
      for (std::size_t i = count; i < steps.size() && steps[i].side == MoveSide::kLive && count != 0; ++i)
        if (aside.count(steps[i].from) != 0 || live.count(steps[i].from) == 0) refuseDisorder(move, steps[i]);
      return made;
    }
    for (; count < steps.size() && copy.count(steps[count].from) == 0; ++count) {
      if (live.count(steps[count].to) == 0) {
        // Without live tables nothing says that any step was made: then somebody dropped a table of the copy.
        if (count == 0) return made;
        refuseDisorder(move, steps[count]);
      }
      made[count] = true;
    }
    for (std::size_t i = count; i < steps.size(); ++i)
      if (copy.count(steps[i].from) == 0 || live.count(steps[i].to) != 0) refuseDisorder(move, steps[i]);
    return made;
  }

  // Completes a move that was cut off; false if it had not taken effect: it is taken back then, as what it
  // planned may be out of date.
  bool complete(Move move) {
    progress_.setPhase("completing what was cut off");
    const MovePlan plan = readPlan(sql(), move);
    if (move.state == MoveState::kPlanned) {
      const std::vector<Step> all = stepsOf(move, plan);
      const std::vector<bool> made = stepsMade(move, all);
      if (std::find(made.begin(), made.end(), true) == made.end()) {
        takeBack(move);
        return false;
      }
      std::vector<Step> left;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (!made[i]) left.push_back(all[i]);
      swap(move, plan, left);
    }
    result_.warnings.push_back("a " + std::string(move.undo ? "undo" : "go-live") +
                               " that was cut off was completed");
    finish(move, plan);
    return true;
  }

  void takeBack(Move& move) {
    progress_.setPhase("taking back what was begun");
    const MovePlan plan = readPlan(sql(), move);
    const std::vector<Step> steps = stepsOf(move, plan);
    const std::vector<bool> made = stepsMade(move, steps);
    std::string renames;
    for (std::size_t i = steps.size(); i-- > 0;)
      if (made[i]) renames += (renames.empty() ? "" : ", ") + steps[i].renameBack();
    if (!renames.empty()) session_.execute("RENAME TABLE " + renames, live_);
    std::vector<MovedObject> triggers;
    for (const MovedObject& moved : objectsOf(plan, MoveSide::kCopy))
      if (moved.object.type == "TRIGGER") triggers.push_back(moved);
    if (!triggers.empty()) {
      const auto failed = reconcile(session_, address_, move.copy, triggers, triggers, result_.warnings);
      if (!failed.empty())
        throw Error(ErrorCode::kDatabase, failed.front(),
                    "the definitions are in the table __enamel_move_objects in " + move.aside);
    }
    changeState(session_, move, MoveState::kPlanning);
    discard(move);
  }

  // Removes a journal of a move that has not changed anything, and the database that was made for it.
  void discard(const Move& move) {
    dropJournal(session_, move);
    if (isEmptyDatabase(sql(), move.aside)) session_.execute("DROP DATABASE " + quoteName(move.aside));
  }

  void finish(Move& move, const MovePlan& plan) {
    try {
      session_.finishWhateverComes();
      progress_.setPhase("making views, triggers, routines and events");
      finishDefinitions(move, plan);
      finishCopy(move, plan);
      // A copy that an undo gave back is what it was before: without a journal.
      const bool keep = !move.undo || !result_.complete();
      changeState(session_, move, keep ? MoveState::kEnded : MoveState::kPlanning);
      if (!keep) dropJournal(session_, move);
    } catch (Error& error) {
      error.addContext("all tables of " + move.copy + " are in place in " + move.live +
                       ", but not all that follows was done");
      addWayOut(move, error);
      throw;
    }
    result_.live = move.live;
    result_.copy = move.copy;
    result_.aside = move.aside;
    for (const MovedTable& table : plan.tables)
      ++(table.side == MoveSide::kLive ? result_.tables_aside : result_.tables_in);
  }

  void failed(const std::string& database, const std::vector<std::string>& what) {
    for (const std::string& line : what) result_.errors.push_back("in " + database + ": " + line);
  }

  void finishDefinitions(const Move& move, const MovePlan& plan) {
    const std::vector<MovedObject> live = objectsOf(plan, MoveSide::kLive),
                                   copy = objectsOf(plan, MoveSide::kCopy);
    std::vector<std::string> hidden;
    for (const MovedTable& table : plan.tables)
      if (!table.hidden.empty()) hidden.push_back(table.hidden);
    dropTriggersOf(session_, move.live, hidden);
    failed(move.live, reconcile(session_, address_, move.live, copy, plan.objects, result_.warnings));
    const std::set<std::string> there = tableNames(sql(), move.live);
    std::string renames;
    for (const MovedTable& table : plan.tables)
      if (!table.hidden.empty() && there.count(table.hidden) != 0)
        renames += (renames.empty() ? "" : ", ") + qualified(move.live, table.hidden) + " TO " +
                   qualified(move.aside, table.name);
    if (!renames.empty()) session_.execute("RENAME TABLE " + renames, move.live);
    failed(move.aside, reconcile(session_, address_, move.aside, live, live, result_.warnings));
    session_.execute("ALTER DATABASE " + quoteName(move.live) + " CHARACTER SET " + move.copy_character_set +
                     " COLLATE " + move.copy_collation);
  }

  // What is left of the copy is an empty database.
  void finishCopy(const Move& move, const MovePlan& plan) {
    if (!findDatabase(sql(), move.copy)) return;
    std::set<std::string> planned;
    for (const MovedTable& table : plan.tables) planned.insert(table.name);
    for (const std::string& table : tableNames(sql(), move.copy)) {
      if (planned.count(table) == 0) continue;
      result_.warnings.push_back("there are tables in the database " + move.copy +
                                 " again; it was left as it is");
      return;
    }
    if (!result_.complete()) {
      result_.warnings.push_back("the database " + move.copy +
                                 ", whose tables moved, is left with its views, routines and events: some of "
                                 "them could not be made elsewhere");
      return;
    }
    const std::vector<MovedObject> copy = objectsOf(plan, MoveSide::kCopy);
    static_cast<void>(reconcile(session_, address_, move.copy, {}, copy, result_.warnings));
    for (const Move& other : findMoves(sql()))
      if (other.state == MoveState::kEnded && other.aside == move.copy) dropJournal(session_, other);
    if (!isEmptyDatabase(sql(), move.copy)) {
      result_.warnings.push_back("the database " + move.copy + " is not empty and was left as it is");
      return;
    }
    try {
      session_.execute("DROP DATABASE " + quoteName(move.copy));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kDatabaseUnreachable) throw;
      result_.warnings.push_back("the emptied database " + move.copy +
                                 " could not be removed: " + error.what());
    }
  }

  const Address& address_;
  Progress& progress_;
  MoveSession session_;
  std::string live_;
  MoveResult result_;
};

}  // namespace

MoveResult makeLive(const Address& address, const std::string& live, const std::string& copy,
                    const std::string& local_date, const MoveOptions& options, Progress& progress,
                    const CancelToken& cancel) {
  return DatabaseMove(address, options, progress, cancel).makeLive(live, copy, local_date);
}

MoveResult undoMove(const Address& address, const std::string& live, const std::string& aside,
                    const MoveOptions& options, Progress& progress, const CancelToken& cancel) {
  return DatabaseMove(address, options, progress, cancel).undo(live, aside);
}

}  // namespace enamel::mariadb
