#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "mariadb/connection.h"
#include "mariadb/move_journal.h"

namespace enamel::mariadb {

// The database as the server spells its name; nullopt if there is none that the account can see.
std::optional<std::string> findDatabase(Connection& connection, const std::string& name);

// Whether the server takes two names for the same database.
bool sameDatabase(Connection& connection, const std::string& a, const std::string& b);

// Names for the database that the live one's tables go to, in the order in which they are tried: as Open
// Dental's own tool names it, "opendentalbackup_11_29_2026", then with _1, _2; local_date: "11_29_2026".
std::string asideName(const std::string& live, const std::string& local_date, unsigned attempt);

// Why `copy` cannot be put in place of `live`, whatever people may think of it; empty if it can. Names as
// findDatabase() gives them.
std::vector<Error> findObstacles(Connection& connection, const std::string& live, const std::string& copy);

// Throws kDatabaseDenied, with the GRANTs that mend it, unless the account may do to the database whatever a
// move does. pattern: what a GRANT is to name instead ("opendentalbackup_%"); empty: the database.
void requireMoveRights(Connection& connection, const std::string& database, const std::string& pattern = {});

// Throws kDatabaseDenied, with the GRANT, where objects of the plan belong to other accounts and this one may
// not make any in their name: as its own they might be refused what they do, and with them what people do.
void requireDefinerRight(Connection& connection, const MovePlan& plan);

// What moves, from what is in both databases now. earlier: the moves that can be seen; where `move.copy` is a
// database that an earlier one put aside, its objects are those it recorded, as they were in the live one.
MovePlan makePlan(Connection& connection, Move& move, const std::vector<Move>& earlier);

}  // namespace enamel::mariadb
