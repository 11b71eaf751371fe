#pragma once

#include <string>
#include <vector>

#include "mariadb/connection.h"

namespace enamel::opendental {

// What the database selected on a connection has. Versions of Open Dental differ in tables and columns, and
// an account sees only those it has a right to.

// Whether there is a table (or view) of that name.
bool hasTable(mariadb::Connection& connection, const std::string& table);

// Which of these columns the table lacks; all of them if there is no such table. Case makes no difference.
std::vector<std::string> missingColumns(mariadb::Connection& connection, const std::string& table,
                                        const std::vector<std::string>& columns);

}  // namespace enamel::opendental
