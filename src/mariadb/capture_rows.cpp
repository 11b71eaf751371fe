#include "mariadb/capture_rows.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "mariadb/definitions.h"
#include "mariadb/file_name.h"
#include "mariadb/table_damage.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kReadersMax = 4;
// The server's times of change count whole seconds; clocks may differ by a little.
constexpr std::int64_t kSettledS = 3;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

bool isTransactional(const std::string& engine) {
  return engine == "InnoDB" || engine == "ROCKSDB" || engine == "TokuDB";
}

// A CREATE statement without the counter that every insert moves.
std::string withoutCounter(std::string statement) {
  const std::string key = " AUTO_INCREMENT=";
  const auto at = statement.rfind(key);
  if (at != std::string::npos) {
    const auto end = statement.find_first_not_of("0123456789", at + key.size());
    statement.erase(at, (end == std::string::npos ? statement.size() : end) - at);
  }
  return statement;
}

bool hasName(const std::vector<RowTable>& tables, const std::string& name) {
  return std::any_of(tables.begin(), tables.end(), [&](const auto& t) { return t.info.name == name; });
}

std::map<std::string, TableInfo> tablesByName(Connection& connection, const std::string& database) {
  std::map<std::string, TableInfo> tables;
  for (TableInfo& info : listTables(connection, database)) {
    const std::string name = info.name;
    tables.emplace(name, std::move(info));
  }
  return tables;
}

}  // namespace

RowTable CaptureRows::rowTable(const TableInfo& info) {
  RowTable table{.info = info, .columns = {}, .create_statement = {}};
  table.create_statement = showCreate(context_.control, context_.database(), info);
  if (!info.holdsNoRows()) table.columns = readColumns(context_.control, context_.database(), info.name);
  return table;
}

std::vector<DumpedRows> CaptureRows::readLockedRows(const std::vector<RowTable>& tables) {
  return RowDump(context_.writer, no_limit_,
                 {.database = context_.database(),
                  .seed = context_.repository.config().chunker_polynomial,
                  .priority = Priority::kNormal,
                  .objection = {}},
                 context_.progress, context_.cancel)
      .read(readers_, tables);
}

std::vector<DumpedRows> CaptureRows::readSnapshotRows() {
  return RowDump(context_.writer, context_.limiter,
                 {.database = context_.database(),
                  .seed = context_.repository.config().chunker_polynomial,
                  .priority = context_.options.priority,
                  .objection = [this](const RowTable& table) { return objectionTo(table); }},
                 context_.progress, context_.cancel)
      .read(readers_, snapshot_);
}

bool CaptureRows::isDefinedTheSame(const RowTable& table) {
  return withoutCounter(showCreate(context_.control, context_.database(), table.info)) ==
         withoutCounter(table.create_statement);
}

// Asked while the reader keeps the table from being altered or renamed: the answer holds for what it read.
std::string CaptureRows::objectionTo(const RowTable& table) {
  const std::lock_guard lock(control_mutex_);
  try {
    if (!isDefinedTheSame(table)) return "it was altered during the backup, and again each time";
    if (identities_ && !identities_->isStill(context_.control, table.info))
      return "another table took its name during the backup, and again each time";
    return {};
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
    return std::string("whether it was altered during the backup is not known: ") + e.what();
  }
}

std::string CaptureRows::scriptOf(const RowTable& table) const {
  return tableScript(table.info, table.create_statement, table.columns.columns);
}

std::uint64_t CaptureRows::prepare(const std::vector<TableInfo>& inventory) {
  std::uint64_t bytes = 0;
  for (const TableInfo& info : inventory) {
    context_.cancel.check();
    if (info.kind == TableKind::kView || isFileTable_(info.stem)) continue;
    if (!info.problem.empty()) {
      context_.fail(info.name, withAdvice("the server cannot open it: " + info.problem, info.name));
      continue;
    }
    try {
      RowTable table = rowTable(info);
      if (info.holdsNoRows()) {
        rowless_.push_back(std::move(table));
        continue;
      }
      if (info.system_versioned)
        context_.warn("table " + info.name + ": only current rows, not their history, are in the backup");
      bytes += info.data_bytes;
      (isTransactional(info.engine) ? snapshot_ : locked_).push_back(std::move(table));
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      // Dropped just now: then it is missing at the instant too.
      if (e.code() != ErrorCode::kNotFound) context_.fail(info.name, e.what());
    }
  }
  if (!snapshot_.empty() || !locked_.empty()) {
    for (std::size_t i = 0; i < std::min(context_.threads(), kReadersMax); ++i) {
      readers_.emplace_back(context_.address);
      prepareForReading(readers_.back());
    }
  }
  return bytes;
}

bool CaptureRows::otherEngines() const {
  return std::any_of(locked_.begin(), locked_.end(), [](const auto& t) { return !t.info.isMyIsam(); });
}

void CaptureRows::ready() {
  if (!snapshot_.empty()) identities_.emplace(context_.control, context_.database());
}

void CaptureRows::noteIdentities() {
  if (identities_) identities_->refresh(context_.control);
}

void CaptureRows::begin() {
  if (snapshot_.empty()) return;
  for (Connection& reader : readers_) reader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
}

bool CaptureRows::unchangedSinceParent(const RowTable& table) const {
  const auto& time = table.info.update_time_s;
  const CaptureParent& parent = context_.parent;
  // Mapped files change without a trace in their times.
  if (context_.facts.maps_data_files || !table.info.isMyIsam() || !time || !parent.manifest || !parent.tables)
    return false;
  const ManifestTable* before = parent.manifest->find(table.info.name);
  const repository::Node* rows = parent.tables->find(table.info.stem + ".txt");
  const repository::Node* script = parent.tables->find(table.info.stem + ".sql");
  if (before == nullptr || !before->error.empty() || before->form != TableForm::kRows || rows == nullptr ||
      script == nullptr)
    return false;
  return before->rows == table.info.rows && rows->mtime.ns == *time * kNsPerSecond &&
         (*time + kSettledS) * kNsPerSecond < parent.instant_ns && script->content.size() == 1 &&
         script->content[0] == repository::BlobId::of(asBytes(scriptOf(table))) &&
         std::all_of(rows->content.begin(), rows->content.end(), [&](const repository::BlobId& id) {
           return context_.repository.has(repository::BlobType::kData, id);
         });
}

void CaptureRows::readLocked() {
  if (locked_.empty()) return;
  const auto now = tablesByName(context_.control, context_.database());
  std::erase_if(locked_, [&](const RowTable& table) { return now.count(table.info.name) == 0; });
  std::vector<RowTable> changed;
  unchanged_.clear();
  for (RowTable& table : locked_) {
    table.info = now.at(table.info.name);
    if (unchangedSinceParent(table)) {
      unchanged_.insert(table.info.name);
    } else {
      changed.push_back(table);
    }
  }
  context_.progress.setPhase("reading tables while the office waits");
  std::vector<DumpedRows> rows = readLockedRows(changed);
  locked_rows_.clear();
  std::size_t next = 0;
  for (const RowTable& table : locked_) {
    const bool kept = unchanged_.count(table.info.name) != 0;
    locked_rows_.push_back(kept ? DumpedRows() : std::move(rows[next++]));
  }
}

bool CaptureRows::isPlanned(const std::string& name) const {
  return isFileTable_(encodeFileName(name)) || hasName(snapshot_, name) || hasName(locked_, name) ||
         hasName(rowless_, name) || context_.table_errors.count(name) != 0;
}

// Brings the plan in line with the tables that there were at the instant.
void CaptureRows::settle(const std::vector<std::string>& names, const std::vector<TableInfo>& inventory) {
  const auto wasThere = [&](const std::string& name) {
    return std::binary_search(names.begin(), names.end(), name);
  };
  const auto absent = [&](const RowTable& table) {
    return !wasThere(table.info.name) || isFileTable_(table.info.stem);
  };
  std::erase_if(snapshot_, absent);
  std::erase_if(rowless_, absent);
  std::erase_if(context_.table_errors, [&](const auto& error) { return !wasThere(error.first); });
  std::set<std::string> views;
  for (const TableInfo& info : inventory)
    if (info.kind == TableKind::kView) views.insert(info.name);
  std::vector<std::string> unplanned;
  for (const std::string& name : names)
    if (views.count(name) == 0 && !isPlanned(name)) unplanned.push_back(name);
  if (unplanned.empty()) return;
  const auto now = tablesByName(context_.control, context_.database());
  for (const std::string& name : unplanned) {
    const auto it = now.find(name);
    if (it != now.end() && it->second.kind == TableKind::kView) continue;
    const bool rowless = it != now.end() && it->second.holdsNoRows();
    const bool in_snapshot = it != now.end() && isTransactional(it->second.engine) && !snapshot_.empty();
    if (rowless || in_snapshot) {
      try {
        (rowless ? rowless_ : snapshot_).push_back(rowTable(it->second));
        continue;
      } catch (const Error& e) {
        if (e.code() != ErrorCode::kNotFound) throw;  // dropped just now: as if it had not been listed
      }
    }
    if (!context_.again("table " + name + " was made or altered during the backup")) {
      context_.fail(name, "it was made or altered during the backup, and again each time");
    }
  }
}

void CaptureRows::readSnapshot(const std::vector<std::string>& names,
                               const std::vector<TableInfo>& inventory) {
  settle(names, inventory);
  if (!context_.again_because.empty()) return;
  if (!snapshot_.empty()) {
    context_.progress.setPhase("reading rows");
    snapshot_rows_ = readSnapshotRows();
  }
  readers_.clear();
  for (std::size_t i = 0; i < snapshot_.size(); ++i) {
    const DumpedRows& rows = snapshot_rows_[i];
    if (rows.error.empty()) continue;
    const std::string& name = snapshot_[i].info.name;
    if ((rows.changed || rows.gone) && context_.again("table " + name + " was altered during the backup"))
      return;
    context_.fail(name, rows.error);
  }
  confirm();
}

// The definitions were read before the instant: they must still be those. Those of the snapshot's tables were
// compared when their rows were read.
void CaptureRows::confirm() {
  for (const auto* tables : {&locked_, &rowless_}) {
    if (!confirm(*tables)) return;
  }
}

// False: the capture begins again.
bool CaptureRows::confirm(const std::vector<RowTable>& tables) {
  for (const RowTable& table : tables) {
    context_.cancel.check();
    const std::string& name = table.info.name;
    if (context_.table_errors.count(name) != 0) continue;
    try {
      if (isDefinedTheSame(table)) continue;
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      continue;  // dropped since
    }
    if (context_.again("table " + name + " was altered during the backup")) return false;
    context_.fail(name, "it was altered during the backup, and again each time");
  }
  return true;
}

void CaptureRows::take(const RowTable& table, const DumpedRows& rows, SnapshotNodes& make) {
  if (!rows.error.empty()) context_.fail(table.info.name, rows.error);
  if (context_.table_errors.count(table.info.name) != 0) return;
  const repository::Tree* parent = context_.parentTables();
  const std::string file = table.info.stem + ".txt";
  ManifestTable& taken = context_.entry(table.info, TableForm::kRows);
  const bool timed = table.info.isMyIsam() && table.info.update_time_s;
  if (unchanged_.count(table.info.name) != 0) {
    const repository::Node* before = parent->find(file);
    taken.rows = table.info.rows;
    context_.add(taken, make.stored(file, before->content, before->size, before->mtime, parent));
  } else {
    taken.rows = rows.rows;
    const Timestamp time = timed ? Timestamp{.ns = *table.info.update_time_s * kNsPerSecond} : make.instant();
    context_.add(taken, make.stored(file, rows.content, rows.bytes, time, parent));
  }
  context_.add(taken, make.text(table.info.stem + ".sql", scriptOf(table), parent));
}

void CaptureRows::take(SnapshotNodes& make) {
  for (std::size_t i = 0; i < snapshot_.size(); ++i) take(snapshot_[i], snapshot_rows_[i], make);
  for (std::size_t i = 0; i < locked_.size(); ++i) take(locked_[i], locked_rows_[i], make);
  for (const RowTable& table : rowless_) {
    std::string script = scriptOf(table);
    if (table.info.kind == TableKind::kSequence) {
      script += sequencePosition(context_.control, context_.database(), table.info.name);
    } else {
      context_.warn("table " + table.info.name + " (" + table.info.engine +
                    ") holds no rows of its own: only its definition is in the backup");
    }
    ManifestTable& taken = context_.entry(table.info, TableForm::kDefinition);
    context_.add(taken, make.text(table.info.stem + ".sql", script, context_.parentTables()));
  }
  if (locked_.size() > unchanged_.size())
    context_.warn(std::to_string(locked_.size() - unchanged_.size()) +
                  " tables were read under the lock: the office waited " +
                  std::to_string(context_.manifest.lock_seconds).substr(0, 5) + " s");
}

}  // namespace enamel::mariadb
