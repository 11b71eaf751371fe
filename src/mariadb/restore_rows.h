#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/progress.h"
#include "mariadb/connection.h"
#include "mariadb/restore_source.h"
#include "mariadb/sql_script.h"

namespace enamel::mariadb {

// Fills the buffer with the next bytes of a table's rows in the layout of mariadb-dump --tab; 0 at the end.
using RowReader = std::function<std::size_t(MutableByteView)>;

// Makes a table in `database` by its CREATE TABLE statement (or CREATE SEQUENCE). `name` is what it must
// create; throws kCorrupt if it says otherwise. Table options of engines that this server does not have are
// taken along. A server without the table's engine makes it with another one: returns that as a warning, else
// empty.
std::string createTable(Connection& connection, const std::string& database, const std::string& name,
                        const Statement& statement);

// Loads rows into an empty table in one LOAD DATA LOCAL INFILE: the server then builds indexes by sorting
// (MyISAM) or without undo (InnoDB), which a table filled by several statements or connections at once loses:
// two connections into one InnoDB table took twice as long as one. Returns what is wrong with the result (""
// if nothing): rows loaded and counted must be `rows_expected`, without warnings.
std::string loadRows(Connection& connection, const std::string& database, const std::string& table,
                     std::uint64_t rows_expected, const RowReader& read);

// A table stored as <table>.sql and <table>.txt. Statements of the .sql that belong after the tables are in
// place (triggers) are appended to `deferred`, what is worth knowing to `warnings`. Returns what is wrong
// with the result.
std::string restoreRowTable(Connection& connection, const std::string& database, const RestoreSource& source,
                            const ManifestTable& table, Progress& progress, const CancelToken& cancel,
                            std::vector<Statement>& deferred, std::vector<std::string>& warnings);

}  // namespace enamel::mariadb
