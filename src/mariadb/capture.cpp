#include "mariadb/capture.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "mariadb/capture_parent.h"
#include "mariadb/data_folder.h"
#include "mariadb/definitions.h"
#include "mariadb/file_name.h"
#include "mariadb/global_lock.h"
#include "mariadb/locked_read.h"
#include "mariadb/precopy.h"
#include "mariadb/row_dump.h"
#include "mariadb/server_facts.h"
#include "mariadb/snapshot_nodes.h"

namespace enamel::mariadb {
namespace {

// Looks at files before the lock end when so little changed since the last one, or after so many.
constexpr std::uint64_t kLittleBytes = 32U << 20;
constexpr int kPrecopyPassesMax = 3;
// Locks taken and given back because too much was new; the last one reads it all the same.
constexpr int kLockRoundsMax = 3;
// Captures begun again because definitions changed under them.
constexpr int kCapturesMax = 3;
constexpr std::size_t kReadersMax = 4;
constexpr std::int64_t kSettledS = 3;
constexpr unsigned kSilenceWithFilesS = 60, kSilenceWithRowsS = 24 * 3600;

bool isTransactional(const std::string& engine) {
  return engine == "InnoDB" || engine == "ROCKSDB" || engine == "TokuDB";
}

// SHOW CREATE TABLE without the counter that every insert moves.
std::string withoutCounter(std::string statement) {
  const std::string key = " AUTO_INCREMENT=";
  const auto at = statement.rfind(key);
  if (at != std::string::npos) {
    const auto end = statement.find_first_not_of("0123456789", at + key.size());
    statement.erase(at, (end == std::string::npos ? statement.size() : end) - at);
  }
  return statement;
}

// One attempt at a capture, from the first look to the tree; run() is the table of contents.
class Capture {
 public:
  Capture(const Address& address, const std::optional<repository::BlobId>& parent,
          const repository::Repository& repository, repository::BlobWriter& writer,
          const CaptureOptions& options, Progress& progress, const CancelToken& cancel)
      : address_(address),
        parent_tree_(parent),
        repository_(repository),
        writer_(writer),
        options_(options),
        progress_(progress),
        cancel_(cancel),
        control_(address),
        limiter_(options.read_bytes_per_second_max) {}

  // Empty: something was altered meanwhile (again_because), begin again. last: take what there is.
  std::optional<CaptureResult> run(bool last) {
    last_ = last;
    look();
    prepareRows();
    readAtInstant();
    readSnapshotRows();
    if (!again_because_.empty()) return std::nullopt;
    return build();
  }

  const std::string& againBecause() const { return again_because_; }

 private:
  const std::string& database() const { return address_.database; }
  bool isFileTable(const std::string& stem) const { return file_stems_.count(stem) != 0; }
  std::size_t threads() const { return options_.threads != 0 ? options_.threads : cpuCount(); }

  void warn(std::string text) { warnings_.push_back(std::move(text)); }
  void fail(const std::string& table, const std::string& what) { table_errors_.emplace(table, what); }
  // True if the capture should begin again.
  bool again(const std::string& because) {
    if (last_) return false;
    again_because_ = because;
    return true;
  }

  std::int64_t serverNowNs() const {
    const double ahead = facts_.clock_ahead_s > 1 || facts_.clock_ahead_s < -1 ? facts_.clock_ahead_s : 0;
    return Clock::system().now().ns + static_cast<std::int64_t>(ahead * 1e9);
  }

  void look();
  void prepareRows();
  RowTable rowTable(const TableInfo& info);
  std::string tableScriptOf(const RowTable& table) const;
  std::uint64_t seed() const { return repository_.config().chunker_polynomial; }
  std::set<std::string> fileStems(const Listing& listing) const;
  void precopyUntilLittle(PreCopy& precopy, Listing& listing);
  void readAtInstant();
  void notePosition();
  void readLockedRows();
  bool unchangedSinceParent(const RowTable& table) const;
  bool isPlanned(const std::string& name) const;
  void settleNames();
  void readSnapshotRows();
  void confirm();
  const repository::Tree* parentTables() const { return parent_.tables ? &*parent_.tables : nullptr; }
  ManifestTable& entry(const TableInfo& info, TableForm form);
  void addNode(ManifestTable& table, repository::Node node);
  void takeRows(const RowTable& table, const DumpedRows& rows);
  void takeFiles();
  std::string takeFiles(const std::string& name, const std::string& stem);
  CaptureResult build();

  const Address& address_;
  const std::optional<repository::BlobId>& parent_tree_;
  const repository::Repository& repository_;
  repository::BlobWriter& writer_;
  const CaptureOptions& options_;
  Progress& progress_;
  const CancelToken& cancel_;
  Connection control_;
  files::RateLimiter limiter_;
  const BlockHasher hasher_;
  bool last_ = false;
  std::string again_because_;

  ServerFacts facts_;
  std::string stem_;  // of the database
  CaptureParent parent_;
  std::vector<TableInfo> inventory_;
  std::unique_ptr<DatabaseFolder> folder_;
  Definitions definitions_;
  std::vector<RowTable> snapshot_tables_;  // read from consistent snapshots, after the lock
  std::vector<RowTable> locked_tables_;    // read under the lock
  std::vector<RowTable> rowless_tables_;   // definition only
  std::vector<DumpedRows> snapshot_rows_, locked_rows_;
  std::set<std::string> unchanged_;  // locked_tables_ whose rows are the parent's
  std::vector<Connection> readers_;

  // At the instant:
  std::vector<std::string> names_;
  std::set<std::string> file_stems_;
  Listing listing_;
  std::unique_ptr<PreCopy> precopy_;
  std::map<std::string, std::string> file_problems_;  // stem -> why
  Timestamp instant_;
  Timestamp server_instant_;
  Manifest manifest_;

  std::vector<repository::Node> nodes_;  // of the tables' folder
  std::unique_ptr<SnapshotNodes> make_;
  std::vector<std::string> warnings_;
  std::map<std::string, std::string> table_errors_;  // table -> why it is missing
};

void Capture::look() {
  progress_.setPhase("looking at the database");
  const double now_s = static_cast<double>(Clock::system().now().ns) / 1e9;
  facts_ = readServerFacts(control_, now_s);
  stem_ = encodeFileName(database());
  std::string warning;
  parent_ = loadCaptureParent(repository_, parent_tree_, stem_, warning);
  if (!warning.empty()) warn(warning);
  definitions_ = readDefinitions(control_, database(), {});  // throws where there is no such database
  inventory_ = listTables(control_, database());
  definitions_ = readDefinitions(control_, database(), inventory_);
  const bool any_myisam =
      std::any_of(inventory_.begin(), inventory_.end(), [](const auto& t) { return t.isMyIsam(); });
  if (!options_.rows_only && (any_myisam || !options_.data_folder.empty())) {
    FoundFolder found = findDatabaseFolder(control_, facts_, database(), options_.data_folder, cancel_);
    folder_ = std::move(found.folder);
    if (!folder_ && any_myisam)
      warn("the table files are out of reach, so MyISAM tables are read as rows while the office waits: " +
           found.why_not + " (--data-folder says where this machine sees the server's data folder)");
  }
  if (folder_) {
    listing_ = folder_->list();
    file_stems_ = fileStems(listing_);
  }
}

std::set<std::string> Capture::fileStems(const Listing& listing) const {
  std::set<std::string> stems;
  for (const auto& [stem, set] : listing)
    if (set.isMyIsam()) stems.insert(stem);
  return stems;
}

RowTable Capture::rowTable(const TableInfo& info) {
  RowTable table{.info = info};
  table.create_statement = showCreateTable(control_, database(), info.name);
  if (!info.holdsNoRows()) table.columns = readColumns(control_, database(), info.name);
  return table;
}

// Decides what becomes of each table that is not captured as files.
void Capture::prepareRows() {
  std::uint64_t bytes = 0;
  for (const TableInfo& info : inventory_) {
    cancel_.check();
    if (info.kind == TableKind::kView || isFileTable(info.stem)) continue;
    if (!info.problem.empty()) {
      fail(info.name, info.problem);
      continue;
    }
    try {
      RowTable table = rowTable(info);
      if (info.holdsNoRows()) {
        rowless_tables_.push_back(std::move(table));
        continue;
      }
      if (info.system_versioned)
        warn("table " + info.name + ": only current rows, not their history, are in the backup");
      bytes += info.data_bytes;
      (isTransactional(info.engine) ? snapshot_tables_ : locked_tables_).push_back(std::move(table));
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      if (e.code() != ErrorCode::kNotFound) fail(info.name, e.what());
    }
  }
  for (const std::string& stem : file_stems_) bytes += listing_[stem].rowBytes();
  progress_.bytes_total += bytes;
  progress_.tables_total += inventory_.size();
  if (snapshot_tables_.empty() && locked_tables_.empty()) return;
  for (std::size_t i = 0; i < std::min(threads(), kReadersMax); ++i) {
    readers_.emplace_back(address_);
    prepareForReading(readers_.back());
  }
}

void Capture::precopyUntilLittle(PreCopy& precopy, Listing& listing) {
  for (int pass = 0; pass < kPrecopyPassesMax; ++pass) {
    const std::uint64_t bytes = precopy.pass(listing, file_stems_);
    listing = folder_->list();
    file_stems_ = fileStems(listing);
    if (bytes < kLittleBytes) break;
  }
}

void Capture::readAtInstant() {
  std::unique_ptr<KeptBlocks> kept;
  WorkerPool workers(
      {.threads = cpuCount(), .queue_max = 64, .priority = Priority::kNormal, .name = "locked"});
  if (folder_) {
    precopy_ = std::make_unique<PreCopy>(
        *folder_, hasher_, writer_, limiter_,
        PreCopy::Options{.threads = threads(),
                         .priority = options_.priority,
                         .keep_indexes = options_.indexes == Indexes::kKeep,
                         .trust_times = !facts_.maps_data_files,
                         .time_step_ns = static_cast<std::int64_t>(options_.file_time_step_s * 1e9),
                         .now_ns = [this] { return serverNowNs(); },
                         .parent = parent_.tables ? &*parent_.tables : nullptr,
                         .parent_instant_ns = parent_.instant_ns},
        progress_, cancel_);
  }
  const bool other_engines = std::any_of(locked_tables_.begin(), locked_tables_.end(),
                                         [](const auto& t) { return !t.info.isMyIsam(); });
  GlobalLock::Options lock_options{
      .wait_s = options_.lock_wait_s,
      .attempts_max = options_.lock_attempts_max,
      .pause_s = options_.lock_pause_s,
      .all_engines = other_engines,
      .statement_gap_max_s = locked_tables_.empty() ? kSilenceWithFilesS : kSilenceWithRowsS};
  Connection lock_connection(address_, {.use_database = false});
  for (int round = 1;; ++round) {
    if (folder_) {
      progress_.setPhase("reading tables");
      precopyUntilLittle(*precopy_, listing_);
      kept = std::make_unique<KeptBlocks>(options_.spill_bytes_max);
    }
    progress_.setPhase("making the instant");
    cancel_.check();
    std::unique_ptr<LockedRead> reading;
    if (folder_) reading = std::make_unique<LockedRead>(*folder_, hasher_, *precopy_, *kept, workers);
    GlobalLock lock(lock_connection, lock_options, cancel_);
    manifest_.lock_attempts += static_cast<std::uint64_t>(lock.attempts());
    instant_ = repository_.clock().now();
    server_instant_ = {.ns = serverNowNs()};
    for (Connection& reader : readers_) {
      if (!snapshot_tables_.empty()) reader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    }
    workers.submit([this] {
      names_ = listTableNames(control_, database());
      notePosition();
    });
    bool read = true;
    if (folder_) {
      listing_ = folder_->list();
      file_stems_ = fileStems(listing_);
      read = reading->read(listing_, file_stems_, round == kLockRoundsMax);
    }
    workers.wait();
    if (read) readLockedRows();
    lock.release();
    manifest_.lock_seconds += lock.heldSeconds();
    manifest_.lock_method = lock.methodName();
    if (!read) continue;
    if (reading) {
      progress_.setPhase("storing what changed");
      file_problems_ = precopy_->problems();
      file_problems_.insert(reading->problems().begin(), reading->problems().end());
      reading->finish(writer_, cancel_);
    }
    break;
  }
  make_ = std::make_unique<SnapshotNodes>(writer_, server_instant_);
}

void Capture::notePosition() {
  if (!facts_.binary_log) return;
  try {
    const auto rows = control_.query("SHOW MASTER STATUS");
    if (!rows.empty() && rows[0].at(0) && rows[0].at(1)) {
      manifest_.binlog_file = *rows[0][0];
      manifest_.binlog_position = std::stoull(*rows[0][1]);
    }
    if (facts_.is_mariadb)
      manifest_.gtid_position = control_.queryValue("SELECT @@GLOBAL.gtid_binlog_pos").value_or("");
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
    warn(std::string("the binary log's position is not noted: ") + e.what());
  }
}

// REQUIRES: the lock is held and table.info was read under it. The server's times count whole seconds.
bool Capture::unchangedSinceParent(const RowTable& table) const {
  const auto& time = table.info.update_time_s;
  if (!table.info.isMyIsam() || !time || !parent_.manifest || !parent_.tables) return false;
  const ManifestTable* before = parent_.manifest->find(table.info.name);
  const repository::Node* rows = parent_.tables->find(table.info.stem + ".txt");
  const repository::Node* script = parent_.tables->find(table.info.stem + ".sql");
  if (before == nullptr || !before->error.empty() || before->form != TableForm::kRows || rows == nullptr ||
      script == nullptr)
    return false;
  constexpr std::int64_t kSecond = 1'000'000'000;
  return before->rows == table.info.rows && rows->mtime.ns == *time * kSecond &&
         (*time + kSettledS) * kSecond < parent_.instant_ns && script->content.size() == 1 &&
         script->content[0] == repository::BlobId::of(asBytes(tableScriptOf(table)));
}

void Capture::readLockedRows() {
  if (locked_tables_.empty()) return;
  std::map<std::string, TableInfo> now;
  for (TableInfo& info : listTables(control_, database())) now.emplace(info.name, std::move(info));
  std::erase_if(locked_tables_, [&](const RowTable& table) { return now.count(table.info.name) == 0; });
  std::vector<RowTable> changed;
  unchanged_.clear();
  for (RowTable& table : locked_tables_) {
    table.info = now.at(table.info.name);
    if (unchangedSinceParent(table)) {
      unchanged_.insert(table.info.name);
    } else {
      changed.push_back(table);
    }
  }
  progress_.setPhase("reading tables while the office waits");
  RowDump dump(writer_, limiter_, {.database = database(), .seed = seed(), .priority = Priority::kNormal},
               progress_, cancel_);
  std::vector<DumpedRows> rows = dump.read(readers_, changed);
  locked_rows_.clear();
  std::size_t next = 0;
  for (const RowTable& table : locked_tables_)
    locked_rows_.push_back(unchanged_.count(table.info.name) != 0 ? DumpedRows() : std::move(rows[next++]));
}

bool Capture::isPlanned(const std::string& name) const {
  const auto has = [&](const std::vector<RowTable>& tables) {
    return std::any_of(tables.begin(), tables.end(), [&](const auto& t) { return t.info.name == name; });
  };
  return isFileTable(encodeFileName(name)) || has(snapshot_tables_) || has(locked_tables_) ||
         has(rowless_tables_) || table_errors_.count(name) != 0;
}

// Brings the plan in line with the tables that there were at the instant.
void Capture::settleNames() {
  const auto absent = [&](const RowTable& table) {
    return !std::binary_search(names_.begin(), names_.end(), table.info.name) || isFileTable(table.info.stem);
  };
  std::erase_if(snapshot_tables_, absent);
  std::erase_if(rowless_tables_, absent);
  std::erase_if(table_errors_, [&](const auto& error) {
    return !std::binary_search(names_.begin(), names_.end(), error.first);
  });
  std::set<std::string> views;
  for (const TableInfo& info : inventory_)
    if (info.kind == TableKind::kView) views.insert(info.name);
  std::vector<std::string> unplanned;
  for (const std::string& name : names_)
    if (views.count(name) == 0 && !isPlanned(name)) unplanned.push_back(name);
  if (unplanned.empty()) return;
  std::map<std::string, TableInfo> now;
  for (TableInfo& info : listTables(control_, database())) now.emplace(info.name, std::move(info));
  for (const std::string& name : unplanned) {
    const auto it = now.find(name);
    if (it != now.end() && it->second.kind == TableKind::kView) continue;
    if (it != now.end() && it->second.holdsNoRows()) {
      rowless_tables_.push_back(rowTable(it->second));
    } else if (it != now.end() && isTransactional(it->second.engine) && !readers_.empty() &&
               !snapshot_tables_.empty()) {
      snapshot_tables_.push_back(rowTable(it->second));
    } else if (!again("table " + name + " was made during the backup")) {
      fail(name, "it was made during the backup, and again each time");
    }
  }
}

void Capture::readSnapshotRows() {
  settleNames();
  if (!again_because_.empty()) return;
  if (!snapshot_tables_.empty()) {
    progress_.setPhase("reading rows");
    RowDump dump(writer_, limiter_, {.database = database(), .seed = seed(), .priority = options_.priority},
                 progress_, cancel_);
    snapshot_rows_ = dump.read(readers_, snapshot_tables_);
  }
  for (std::size_t i = 0; i < snapshot_tables_.size(); ++i) {
    const DumpedRows& rows = snapshot_rows_[i];
    if (rows.error.empty()) continue;
    const std::string& name = snapshot_tables_[i].info.name;
    if ((rows.changed || rows.gone) && again("table " + name + " was altered during the backup")) return;
    fail(name, rows.error);
  }
  readers_.clear();
  confirm();
}

// What was read before and after the instant must have been true at it.
void Capture::confirm() {
  progress_.setPhase("confirming definitions");
  for (const RowTable& table : snapshot_tables_) {
    cancel_.check();
    if (table_errors_.count(table.info.name) != 0) continue;
    std::string now;
    try {
      now = showCreateTable(control_, database(), table.info.name);
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      continue;  // dropped since: the snapshot still had its rows
    }
    if (withoutCounter(now) != withoutCounter(table.create_statement)) {
      if (again("table " + table.info.name + " was altered during the backup")) return;
      fail(table.info.name, "it was altered during the backup, and again each time");
    }
  }
  Definitions now = readDefinitions(control_, database(), listTables(control_, database()));
  if (now.script != definitions_.script) {
    if (again("views, routines, triggers or events were altered during the backup")) return;
    warn(
        "views, routines, triggers or events were altered during the backup: they are in it as they were "
        "shortly before");
  }
  if (!folder_) return;
  const std::string wrong = disproveFolder(control_, database(), *folder_, cancel_);
  if (!wrong.empty())
    throw Error(ErrorCode::kVerifyFailed,
                folder_->path().string() + " does not follow what the server writes: " + wrong,
                "it may be a copy, or a mount that shows old data; nothing was backed up from it");
}

std::string Capture::tableScriptOf(const RowTable& table) const {
  return tableScript(table.info, table.create_statement, table.columns.columns);
}

ManifestTable& Capture::entry(const TableInfo& info, TableForm form) {
  manifest_.tables.push_back({.name = info.name,
                              .file = info.stem,
                              .engine = info.engine,
                              .form = form,
                              .rows = 0,
                              .bytes = 0,
                              .error = {}});
  ++progress_.tables_done;
  return manifest_.tables.back();
}

void Capture::addNode(ManifestTable& table, repository::Node node) {
  table.bytes += node.size;
  nodes_.push_back(std::move(node));
}

void Capture::takeRows(const RowTable& table, const DumpedRows& rows) {
  const std::string& stem = table.info.stem;
  ManifestTable& taken = entry(table.info, TableForm::kRows);
  if (const auto error = table_errors_.find(table.info.name); error != table_errors_.end()) {
    taken.error = error->second;
    return;
  }
  if (unchanged_.count(table.info.name) != 0) {
    const repository::Node* before = parent_.tables->find(stem + ".txt");
    taken.rows = table.info.rows;
    addNode(taken, make_->stored(before->name, before->content, before->size, before->mtime, parentTables()));
  } else {
    taken.rows = rows.rows;
    const Timestamp time = table.info.isMyIsam() && table.info.update_time_s
                               ? Timestamp{.ns = *table.info.update_time_s * 1'000'000'000}
                               : server_instant_;
    addNode(taken, make_->stored(stem + ".txt", rows.content, rows.bytes, time, parentTables()));
  }
  addNode(taken, make_->text(stem + ".sql", tableScriptOf(table), parentTables()));
}

// Returns why the table cannot be captured, empty if it can.
std::string Capture::takeFiles(const std::string& name, const std::string& stem) {
  if (const auto problem = file_problems_.find(stem); problem != file_problems_.end()) return problem->second;
  std::uint64_t rows = 0;
  const CapturedFiles& files = precopy_->files();
  for (const TableFile& listed : listing_.at(stem).files) {
    const CapturedFile& file = files.at(listed.name);
    if (file.kind != FileKind::kIndexes) continue;
    if (!file.header || file.content.empty()) return listed.name + " is no index file";
    if (file.header->crashed)
      return "the server has marked it as crashed; REPAIR TABLE " + quoteName(name) + " may mend it";
    if (file.header->open_count != 0)
      warn("table " + name +
           " was not closed properly by an earlier run of the server; CHECK TABLE looks into it");
    const auto data = files.find(listed.name.substr(0, listed.name.size() - 1) + "D");
    if (data == files.end() || data->second.bytes < file.header->data_file_bytes)
      return "its row file is shorter than its index file says; REPAIR TABLE " + quoteName(name) +
             " may mend it";
    rows += file.header->rows;
  }
  TableInfo info{.name = name, .stem = stem, .engine = "MyISAM"};
  ManifestTable& taken =
      entry(info, options_.indexes == Indexes::kKeep ? TableForm::kFilesKeyed : TableForm::kFiles);
  taken.rows = rows;
  for (const TableFile& listed : listing_.at(stem).files)
    addNode(taken, make_->tableFile(files.at(listed.name), parentTables()));
  return {};
}

void Capture::takeFiles() {
  for (const std::string& name : names_) {
    const std::string stem = encodeFileName(name);
    if (!folder_ || !isFileTable(stem)) continue;
    const std::string problem = takeFiles(name, stem);
    if (problem.empty()) continue;
    table_errors_[name] = problem;
    entry({.name = name, .stem = stem, .engine = "MyISAM"}, TableForm::kFiles).error = problem;
  }
}

CaptureResult Capture::build() {
  progress_.setPhase("storing the database's folder");
  cancel_.check();
  takeFiles();
  for (std::size_t i = 0; i < snapshot_tables_.size(); ++i) takeRows(snapshot_tables_[i], snapshot_rows_[i]);
  for (std::size_t i = 0; i < locked_tables_.size(); ++i) {
    if (!locked_rows_[i].error.empty()) fail(locked_tables_[i].info.name, locked_rows_[i].error);
    takeRows(locked_tables_[i], locked_rows_[i]);
  }
  for (const RowTable& table : rowless_tables_) {
    ManifestTable& taken = entry(table.info, TableForm::kDefinition);
    std::string script = tableScriptOf(table);
    if (table.info.kind == TableKind::kSequence)
      script += sequencePosition(control_, database(), table.info.name);
    addNode(taken, make_->text(table.info.stem + ".sql", script, parentTables()));
    if (table.info.kind != TableKind::kSequence)
      warn("table " + table.info.name + " (" + table.info.engine +
           ") holds no rows of its own: only its definition is in the backup");
  }
  for (const auto& [name, problem] : table_errors_) {
    if (std::none_of(manifest_.tables.begin(), manifest_.tables.end(),
                     [&](const auto& t) { return t.name == name; }))
      entry({.name = name, .stem = encodeFileName(name), .engine = {}}, TableForm::kFiles).error = problem;
  }
  if (!locked_tables_.empty() && unchanged_.size() < locked_tables_.size())
    warn(std::to_string(locked_tables_.size() - unchanged_.size()) +
         " tables were read under the lock: the office waited " +
         std::to_string(manifest_.lock_seconds).substr(0, 5) + " s");
  const std::string accounts = readAccounts(control_, warnings_);

  CaptureResult result;
  warnings_.insert(warnings_.end(), definitions_.warnings.begin(), definitions_.warnings.end());
  std::sort(manifest_.tables.begin(), manifest_.tables.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  manifest_.database = database();
  manifest_.instant = instant_;
  manifest_.server_version = facts_.version;
  manifest_.server_comment = facts_.comment;
  manifest_.lower_case_names = facts_.lower_case_names;
  manifest_.character_set = definitions_.character_set;
  manifest_.collation = definitions_.collation;
  manifest_.views = definitions_.views;
  manifest_.triggers = definitions_.triggers;
  manifest_.routines = definitions_.routines;
  manifest_.events = definitions_.events;
  manifest_.warnings = warnings_;
  repository::Tree root;
  const repository::Tree* before = parent_.root.nodes.empty() ? nullptr : &parent_.root;
  root.nodes.push_back(
      make_->folder(stem_, {std::move(nodes_)}, parent_.folder ? &*parent_.folder : nullptr));
  root.nodes.push_back(make_->text(definitionsFileName(stem_), definitions_.script, before));
  root.nodes.push_back(make_->text(accountsFileName(stem_), accounts, before));
  root.nodes.push_back(make_->text(kManifestFileName, asText(encodeManifest(manifest_)), before));
  result.root = make_->folder("database", std::move(root), nullptr);
  result.stats = make_->stats();
  for (const auto& [name, problem] : table_errors_)
    result.errors.push_back({.path = "table " + name, .what = problem});
  result.manifest = std::move(manifest_);
  result.warnings = std::move(warnings_);
  return result;
}

}  // namespace

CaptureResult captureDatabase(const Address& address, const std::optional<repository::BlobId>& parent,
                              const repository::Repository& repository, repository::BlobWriter& writer,
                              const CaptureOptions& options, Progress& progress, const CancelToken& cancel) {
  if (address.database.empty())
    throw Error(ErrorCode::kUsage, "the database's URL names no database", "end it with /NAME");
  std::string because;
  for (int attempt = 1;; ++attempt) {
    Capture capture(address, parent, repository, writer, options, progress, cancel);
    if (auto result = capture.run(attempt == kCapturesMax)) {
      if (!because.empty()) result->warnings.push_back("the database was read more than once: " + because);
      return std::move(*result);
    }
    because = capture.againBecause();
  }
}

}  // namespace enamel::mariadb
