#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mariadb/connection.h"
#include "mariadb/server_facts.h"

namespace enamel::mariadb {

// What the account of a connection may see. A server leaves what an account has no right to out of its lists
// without a word, so the lists cannot be trusted before this was asked.

// Throws kDatabaseDenied, with the statement that mends it as the hint, unless the account may read every
// table of the database, whichever grant gives it that right (global, of the database, by a pattern, by a
// role). connection: needs no database selected.
void requireSelect(Connection& connection, const std::string& database);

// Kinds of definitions (triggers, events, routines) of which some may be there that the account may not see,
// each with the right that is missing and the statement that grants it.
std::vector<std::string> blindSpots(Connection& connection, const std::string& database);

// The statements that give the account all that a backup of the database uses and it has not, for the
// server's administrator; empty: nothing is missing. What cannot be found out is not named. facts: of that
// server.
std::vector<std::string> missingGrants(Connection& connection, const ServerFacts& facts,
                                       const std::string& database);

// Which of these rights ("CREATE VIEW") the account does not have on the whole database, by SHOW GRANTS; none
// where that cannot be found out.
std::vector<std::string> missingRights(Connection& connection, const std::vector<std::string>& rights,
                                       const std::string& database);

// Whether the account may read the definitions of routines that others made.
bool seesAllRoutines(Connection& connection);

// The account that the server took the session for, as GRANT takes it: 'enamel'@'%'.
std::string accountName(Connection& connection);

// "GRANT EVENT ON `open\_dental`.* TO 'enamel'@'localhost'", for the connection's own account.
std::string grantOnDatabase(Connection& connection, std::string_view rights, std::string_view database);

}  // namespace enamel::mariadb
