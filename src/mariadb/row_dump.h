#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "base/worker_pool.h"
#include "chunker/row_cutter.h"
#include "files/rate_limiter.h"
#include "mariadb/connection.h"
#include "mariadb/table_inventory.h"
#include "repository/blob_writer.h"

namespace enamel::mariadb {

// A table to be read row by row.
struct RowTable {
  TableInfo info;
  TableColumns columns;
  std::string create_statement;  // SHOW CREATE TABLE, before the instant
};

// Its rows, stored.
struct DumpedRows {
  std::vector<repository::BlobId> content;  // joins to <table>.txt
  std::uint64_t rows = 0, bytes = 0;
  std::string error;     // not empty: could not be read, and why
  bool changed = false;  // its definition is not the one of the instant any more: capture again
  bool gone = false;     // it does not exist in the snapshot
};

// Prepares a session for reading rows: values as they are stored, times in UTC, nothing rounded, no writes.
void prepareForReading(Connection& connection);

// What to select so that LOAD DATA ... CHARACTER SET binary takes the value back unchanged.
std::string loadableExpression(const TableColumn& column);

// The statement that reads a table's rows in the form that LOAD DATA gives back bit by bit. where: a
// condition or empty.
std::string selectStatement(std::string_view database, const RowTable& table, std::string_view where);

// Reads tables on several connections at once, large ones in ranges of their primary key. Every connection
// must see the same rows: a consistent snapshot, or a lock that lasts until this returns.
//
// A transaction keeps what it has read from being altered, and who waits to alter a table keeps everybody
// from it. So in a transaction each table is let go of as soon as it was read.
class RowDump {
 public:
  struct Options {
    std::string database;
    std::uint64_t seed = 0;  // for cutting
    Priority priority = Priority::kIdle;
    // Set where the connections are in transactions. Asked by several threads, each while the table that it
    // has just read cannot be altered: why those rows are not the instant's, empty if they are.
    std::function<std::string(const RowTable&)> objection;
  };
  RowDump(repository::BlobWriter& writer, files::RateLimiter& limiter, const Options& options,
          Progress& progress, const CancelToken& cancel);

  // One result a table, in their order. Throws where nothing goes on: server gone, repository, cancelled.
  std::vector<DumpedRows> read(std::vector<Connection>& connections, const std::vector<RowTable>& tables);

 private:
  struct Range {
    std::size_t table = 0;
    std::string where;
    std::uint64_t bytes = 0;  // estimate
    DumpedRows rows;
  };
  std::vector<Range> plan(Connection& connection, const std::vector<RowTable>& tables);
  void readRange(Connection& connection, const RowTable& table, Range& range);
  void readRows(Connection& connection, const RowTable& table, Range& range);
  static bool setSavepoint(Connection& connection);
  void letGo(Connection& connection) const;

  repository::BlobWriter& writer_;
  files::RateLimiter& limiter_;
  const Options options_;
  const chunker::RowCutter cutter_;
  Progress& progress_;
  const CancelToken& cancel_;
  bool lets_go_ = false;  // of tables once they are read; set before the threads begin
};

}  // namespace enamel::mariadb
