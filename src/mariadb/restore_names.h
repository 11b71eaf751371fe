#pragma once

#include <string>
#include <string_view>

namespace enamel::mariadb {

// The table that says that a database is a restore under way. A working database (see below) that holds it is
// Enamel's to clear; a database under the name that people use never is, even with the table in it.
inline constexpr std::string_view kMarkerTable = "__enamel_restoring";

// Throws kUsage unless a server can have a database of that name: 1 to 64 characters, no system schema, not
// the name of a working database.
void requireDatabaseName(std::string_view name);

// NAME__enamel_restoring; a name too long for that is shortened and told apart by a hash.
std::string workingDatabaseName(std::string_view target);

}  // namespace enamel::mariadb
