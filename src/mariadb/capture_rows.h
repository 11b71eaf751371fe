#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mariadb/capture_context.h"
#include "mariadb/row_dump.h"
#include "mariadb/table_identity.h"

namespace enamel::mariadb {

// The tables that are captured as rows, or by their definition alone.
class CaptureRows {
 public:
  // isFileTable: whether the table with that stem is captured as files, at the time of the call.
  CaptureRows(CaptureContext& context, std::function<bool(const std::string&)> isFileTable)
      : context_(context), isFileTable_(std::move(isFileTable)) {}

  // Before the lock: what becomes of each table, and connections to read on. Returns the bytes to be read.
  std::uint64_t prepare(const std::vector<TableInfo>& inventory);
  // Tables whose rows only the lock keeps still: their reading makes the office wait.
  bool anyLocked() const { return !locked_.empty(); }
  // Some of them BACKUP STAGE would not keep still.
  bool otherEngines() const;

  // Just before the lock, every time.
  void ready();
  // Under the lock: makes the readers' snapshots, all of the same instant.
  void begin();
  // Under the lock, on the connection for questions: notes which tables the names stand for.
  void noteIdentities();
  // Under the lock: reads the rows that need it.
  void readLocked();
  // After it: reads the rest. names: all tables at the instant. May ask for another try.
  void readSnapshot(const std::vector<std::string>& names, const std::vector<TableInfo>& inventory);
  // Adds the tables' entries and nodes.
  void take(SnapshotNodes& make);

 private:
  RowTable rowTable(const TableInfo& info);
  std::vector<DumpedRows> readLockedRows(const std::vector<RowTable>& tables);
  std::vector<DumpedRows> readSnapshotRows();
  std::string objectionTo(const RowTable& table);
  bool isDefinedTheSame(const RowTable& table);
  std::string scriptOf(const RowTable& table) const;
  bool unchangedSinceParent(const RowTable& table) const;
  bool isPlanned(const std::string& name) const;
  void settle(const std::vector<std::string>& names, const std::vector<TableInfo>& inventory);
  void confirm();
  bool confirm(const std::vector<RowTable>& tables);
  void take(const RowTable& table, const DumpedRows& rows, SnapshotNodes& make);

  CaptureContext& context_;
  const std::function<bool(const std::string&)> isFileTable_;
  files::RateLimiter no_limit_{0};  // while everybody waits
  std::vector<Connection> readers_;
  std::vector<RowTable> snapshot_;  // from consistent snapshots, after the lock
  std::vector<RowTable> locked_;    // under the lock
  std::vector<RowTable> rowless_;   // definition only
  std::vector<DumpedRows> snapshot_rows_, locked_rows_;
  std::set<std::string> unchanged_;  // of locked_: the rows are the parent's
  std::optional<TableIdentities> identities_;
  std::mutex control_mutex_;  // over context_.control while rows are read from the snapshots
};

}  // namespace enamel::mariadb
