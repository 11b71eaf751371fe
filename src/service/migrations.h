#pragma once

#include <span>
#include <string_view>

#include "service/sqlite.h"

namespace enamel::service {

// One step from a version of the tables to the next. Once released, a step is never changed.
struct Migration {
  std::string_view what;  // for messages: "runs and their queue"
  std::string_view sql;   // statements, without BEGIN and COMMIT
};

// Brings the database to the newest version: that of step i (counted from 1) is i, kept in PRAGMA
// user_version. Each step is one transaction with its number, so a crash or an error leaves whole steps only.
// Throws kUnsupported, and changes nothing, if the database is of a newer version than the list; kCorrupt if
// the file is damaged (PRAGMA quick_check).
void migrate(Database& database, std::span<const Migration> migrations);

// The steps of the service's own state.
std::span<const Migration> stateMigrations();

}  // namespace enamel::service
