#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mariadb/connection.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {

// One view, trigger, routine or event, as the server shows it, and the session that reads it so.
struct DefinedObject {
  std::string type;  // "VIEW", "TRIGGER", "EVENT", "PROCEDURE", "FUNCTION", "PACKAGE", "PACKAGE BODY"
  std::string name;
  std::string table;  // a trigger's
  std::string sql_mode, collation, time_zone;
  std::string statement;  // CREATE ..., with its definer

  friend bool operator==(const DefinedObject&, const DefinedObject&) = default;
};

// What a database is besides its tables, as a script for the stock mariadb client: CREATE DATABASE, routines,
// views (each after those it uses), triggers and events, with their definers, SQL modes and time zones.
struct Definitions {
  std::string script;
  std::vector<DefinedObject> objects;    // those of the script, in its order
  std::string character_set, collation;  // the database's
  std::uint64_t views = 0, triggers = 0, routines = 0, events = 0;
  // Definitions that could not be read, and kinds of which some may be there that the user may not see.
  std::vector<std::string> errors;

  friend bool operator==(const Definitions&, const Definitions&) = default;
};

// connection: with `database` selected, so that views name their tables without it.
Definitions readDefinitions(Connection& connection, const std::string& database,
                            const std::vector<TableInfo>& tables);

// The script for one table or sequence: its CREATE statement with a comment on how to load the rows.
std::string tableScript(const TableInfo& table, const std::string& create_statement,
                        const std::vector<TableColumn>& columns);

// The statement that sets a sequence to where it is now, empty if there is none any more.
std::string sequencePosition(Connection& connection, const std::string& database, const std::string& name);

// The server's SHOW CREATE TABLE; of a sequence SHOW CREATE SEQUENCE, as only that says how it counts.
std::string showCreate(Connection& connection, const std::string& database, const TableInfo& table);

// Users, roles and what they may do, as a script. What the user may not see is named in warnings, no more:
// they are the server's, and the practice is whole without them.
std::string readAccounts(Connection& connection, std::vector<std::string>& warnings);

}  // namespace enamel::mariadb
