#pragma once

#include <string>
#include <string_view>

namespace enamel::mariadb {

// The table that says that a database is a restore under way. While it is in a database, that database is
// Enamel's to clear.
inline constexpr std::string_view kMarkerTable = "__enamel_restoring";

// Throws kUsage unless a server can have a database of that name: 1 to 64 characters, no system schema.
void requireDatabaseName(std::string_view name);

// NAME__enamel_restoring; a name too long for that is shortened and told apart by a hash.
std::string workingDatabaseName(std::string_view target);

}  // namespace enamel::mariadb
