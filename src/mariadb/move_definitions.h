#pragma once

#include <string>
#include <vector>

#include "mariadb/definitions.h"
#include "mariadb/move_journal.h"

namespace enamel::mariadb {

// All views, triggers, routines and events of a database. Throws kDatabaseDenied or kDatabase where some
// cannot be read: what cannot be read cannot be moved. Selects the database.
Definitions readAllDefinitions(Connection& connection, const std::string& database);

// Whether an event runs.
bool isEnabled(const DefinedObject& event);

// Brings a database's objects to what is wanted: leaves those that are so already, drops those of `known`
// that are not, makes what is missing, triggers first. Objects that are not in known (somebody made them
// meanwhile) are left alone. Events are made switched off, and switched on at the end if they are to be. Can
// be done again after it was cut off anywhere. Returns what could not be made, a line each; warnings: what is
// otherwise than it was.
std::vector<std::string> reconcile(MoveSession& session, const Address& address, const std::string& database,
                                   const std::vector<MovedObject>& wanted,
                                   const std::vector<MovedObject>& known, std::vector<std::string>& warnings);

// Drops the triggers of these tables.
void dropTriggersOf(MoveSession& session, const std::string& database,
                    const std::vector<std::string>& tables);

}  // namespace enamel::mariadb
