#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mariadb/connection.h"

namespace enamel::mariadb {

enum class TableKind { kTable, kView, kSequence };

// One table as the server describes it.
struct TableInfo {
  std::string name;    // UTF-8
  std::string stem;    // of its file names
  std::string engine;  // empty for views and for tables the server cannot open
  TableKind kind = TableKind::kTable;
  std::uint64_t rows = 0;  // exact for MyISAM, an estimate for InnoDB
  std::uint64_t data_bytes = 0;
  std::optional<std::int64_t> update_time_s;  // the row file's mtime, by the server's clock
  std::optional<std::int64_t> create_time_s;
  bool system_versioned = false;
  std::string problem;  // why the server cannot open it, or a view does not work, as it says

  bool isMyIsam() const { return kind == TableKind::kTable && engine == "MyISAM"; }
  // Engines that hold no rows of their own, or somebody else's: only the definition is captured.
  bool holdsNoRows() const;
};

// All tables, views and sequences of a database, by name. Sets the session's time zone to UTC.
std::vector<TableInfo> listTables(Connection& connection, std::string_view database);

// The names alone, without opening anything: fast enough for use under a lock. Sorted.
std::vector<std::string> listTableNames(Connection& connection, std::string_view database);

struct TableColumn {
  std::string name;
  std::string type;       // "int", "varchar", "float", ...
  std::string full_type;  // "int(11)", "enum('a','b')"
  bool auto_increment = false;
  bool generated = false;  // computed by the server: never written
};

// What reading the rows of a table takes.
struct TableColumns {
  std::vector<TableColumn> columns;
  std::vector<std::string> primary_key;  // column names in order, empty if there is none
};
// Throws kNotFound if there is no such table.
TableColumns readColumns(Connection& connection, std::string_view database, std::string_view table);

}  // namespace enamel::mariadb
