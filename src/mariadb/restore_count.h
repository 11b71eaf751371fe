#pragma once

#include <string>

#include "mariadb/connection.h"
#include "mariadb/manifest.h"

namespace enamel::mariadb {

// Whether the table keeps its rows' history (WITH SYSTEM VERSIONING).
bool isSystemVersioned(Connection& connection, const std::string& database, const std::string& table);

// The rows of a restored table (`table`: its name there), counted as the manifest counts them: a table that
// was captured as files has all rows of its history in them, one that was read has those of now. "none" if
// the server does not say.
std::string countRestoredRows(Connection& connection, const std::string& database, const std::string& table,
                              TableForm form);

}  // namespace enamel::mariadb
