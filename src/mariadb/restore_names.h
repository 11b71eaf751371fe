#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::mariadb {

// The table that says that a database is a restore under way. A working database (see below) that holds it is
// Enamel's to clear; a database under the name that people use never is, even with the table in it.
inline constexpr std::string_view kMarkerTable = "__enamel_restoring";

// Throws kUsage unless a server can have a database of that name: 1 to 64 characters, no system schema, not
// the name of a working database.
void requireDatabaseName(std::string_view name);

// NAME__enamel_restoring; a name too long for that is shortened and told apart by a hash.
std::string workingDatabaseName(std::string_view target);

// Table names that no statement can give a table, by what a restore calls them instead. A file that somebody
// copied into a database's folder ("patient - Copy.frm") is shown by the server as a table under such a name,
// "#mysql50#patient - Copy"; it can be read and moved away, but nothing can be moved to it. The others (all:
// names of one database) keep their names, and no two get the same one, whatever their case.
std::map<std::string, std::string> replacedTableNames(const std::vector<std::string>& all);

}  // namespace enamel::mariadb
