#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

// What tables are called in the restored database, for those that cannot keep their names.
using NewNames = std::map<std::string, std::string>;
const std::string& newName(const NewNames& names, const std::string& table);

// Makes a table in `database` by its CREATE TABLE statement (or CREATE SEQUENCE), under the name `as`. `name`
// is what the statement must create; throws kCorrupt if it says otherwise. Table options of engines that this
// server does not have are taken along. A server without the table's engine makes it with another one:
// returns that as a warning, else empty.
std::string createTable(Connection& connection, const std::string& database, const std::string& name,
                        const std::string& as, const Statement& statement);

// Loads rows into an empty table in one LOAD DATA LOCAL INFILE: the server then builds indexes by sorting
// (MyISAM) or without undo (InnoDB), which a table filled by several statements or connections at once loses:
// two connections into one InnoDB table took twice as long as one. Returns what is wrong with the result (""
// if nothing): rows loaded and counted must be `rows_expected`, without warnings.
std::string loadRows(Connection& connection, const std::string& database, const std::string& table,
                     std::uint64_t rows_expected, const RowReader& read);

// What restoring tables brings to light beside what is wrong with each.
struct RowTableResult {
  std::vector<Statement> deferred;    // that belong after the tables are in place (triggers)
  std::vector<std::string> warnings;  // worth knowing
  // Tables that were left out because this server has not what they need; no damage of the backup.
  std::vector<std::string> left_out;
};

// A table stored as <table>.sql and <table>.txt. One of which the backup has the definition only is left out
// where this server lacks its engine: an empty table of another engine would pass for the data that the real
// one shows; stand_ins: make that one all the same. Returns what is wrong with the table.
std::string restoreRowTable(Connection& connection, const std::string& database, const RestoreSource& source,
                            const ManifestTable& table, const NewNames& names, bool stand_ins,
                            Progress& progress, const CancelToken& cancel, RowTableResult& result);

}  // namespace enamel::mariadb
