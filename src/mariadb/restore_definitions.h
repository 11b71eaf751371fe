#pragma once

#include <string>
#include <vector>

#include "mariadb/connection.h"
#include "mariadb/manifest.h"
#include "mariadb/sql_script.h"

namespace enamel::mariadb {

struct DefinitionsResult {
  std::uint64_t views = 0, triggers = 0, routines = 0, events = 0;
  std::uint64_t broken_views = 0;  // that could not be made and did not work in the practice either
  std::uint64_t left_out_triggers = 0, left_out_events = 0;  // see below; each is among the errors
  std::vector<std::string> warnings, errors;
};

// Makes a database's views, triggers, routines and events in `database` from the statements of <name>.sql, in
// whatever order they depend on each other. Statements of other kinds are not run; those that are not
// expected in such a file are errors. Definitions that name the original database are turned to `database`
// where that is certain (views), else warned of. Beside a database of the original name, which people work
// with, a restored one must do nothing by itself: where `database` is another one, events are made switched
// off, and a trigger whose body names the original database is left out, which is an error: it would write
// there whenever somebody tries something out here. broken_views: names of views that did not work when the
// backup was made; such a one that cannot be made is a warning, no error. REQUIRES: connection is used for
// nothing else afterwards: the statements' SETs stay in force.
DefinitionsResult restoreDefinitions(Connection& connection, const std::string& database,
                                     const std::string& original_database,
                                     const std::vector<Statement>& statements,
                                     const std::vector<std::string>& broken_views);

}  // namespace enamel::mariadb
