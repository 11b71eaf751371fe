#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "mariadb/move_journal.h"
#include "mariadb/move_session.h"
#include "mariadb/url.h"

namespace enamel::mariadb {

struct MoveResult {
  std::string live;   // the database that people work with
  std::string copy;   // whose tables it has now; that database is gone, unless a warning says otherwise
  std::string aside;  // where its former tables are
  std::uint64_t tables_in = 0, tables_aside = 0;
  double seconds_moving = 0;  // of the RENAME TABLE, with its waits: when nobody could work
  std::vector<std::string> warnings;
  std::vector<std::string> errors;  // views, triggers, routines, events that could not be made
  bool complete() const { return errors.empty(); }
};

// Puts the tables of the database `copy` in place of those of `live`, which go into a new database as
// asideName() names it: no row is copied or dropped. One RENAME TABLE moves all tables of both, so that
// nobody meets a mixture (of a server before 10.6 that dies in the middle of it, what is left is brought to
// an end by either function below). Views, triggers, routines, events and the default character set follow.
// Events put aside are switched off. Rights of accounts stay as they are, by name; only those given on a
// routine by its name end where the routine is dropped. Both databases are on the server that `address`
// names, its database does not matter.
//
// Cut off anywhere, the same call again completes it, and undoMove() takes it back (see move_journal.h).
// Throws, with nothing changed, what findObstacles() and requireMoveRights() say, kDatabaseBusy if others
// hold locks or another move is at work, kExists if another move of `live` was cut off; and
// kDatabaseUnreachable where the server was lost, which may be at any point.
MoveResult makeLive(const Address& address, const std::string& live, const std::string& copy,
                    const std::string& local_date, const MoveOptions& options, Progress& progress,
                    const CancelToken& cancel);

// Takes back what the newest makeLive() of `live` did: its former tables come back, and what was live
// meanwhile goes into a database named as the copy was (with _1, _2 if that is taken). aside: must be where
// that move put them; empty: wherever that is. Throws kNotFound if there is nothing to take back, else as
// makeLive().
MoveResult undoMove(const Address& address, const std::string& live, const std::string& aside,
                    const MoveOptions& options, Progress& progress, const CancelToken& cancel);

}  // namespace enamel::mariadb
