#include "mariadb/capture.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/threads.h"
#include "mariadb/capture_context.h"
#include "mariadb/capture_files.h"
#include "mariadb/capture_rows.h"
#include "mariadb/definitions.h"
#include "mariadb/file_name.h"
#include "mariadb/global_lock.h"
#include "mariadb/rights.h"

namespace enamel::mariadb {
namespace {

// Locks taken and given back because too much was new; the last one reads it all the same. (Those given back
// because reading was slow come to an end by themselves: each time there is less to read.)
constexpr int kLockRoundsMax = 3;
// Captures begun again because definitions changed under them.
constexpr int kTriesMax = 3;
// A lock whose holder says nothing for so long is the server's to end: this computer may have lost its power.
// Reading table files ends by itself in half that time (locked_read_max_s), so nothing needs to be said
// meanwhile; a read that hangs for good is one of the reasons to end it.
constexpr unsigned kSilenceMaxS = 60;
constexpr auto kSignOfLife = std::chrono::seconds(10);
// What the server puts before a table's name that it cannot read as one: the file's name as it is.
constexpr std::string_view kOldName = "#mysql50#";

// Says something on a connection from time to time, from another thread, until it is destroyed.
class SignsOfLife {
 public:
  explicit SignsOfLife(Connection& connection)
      : thread_(startThread([this, &connection] { run(connection); })) {}
  ~SignsOfLife() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  SignsOfLife(const SignsOfLife&) = delete;
  SignsOfLife& operator=(const SignsOfLife&) = delete;

 private:
  void run(Connection& connection) {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kSignOfLife, [this] { return stopping_; })) {
      try {
        connection.execute("DO 1");
      } catch (const Error&) {
        return;  // the lock is lost: its release fails and says so
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

// One try at a capture; run() is the table of contents.
class Capture {
 public:
  explicit Capture(CaptureContext& context) : context_(context) {}

  CaptureResult run(const std::optional<repository::BlobId>& parent) {
    look(parent);
    CaptureFiles files(context_, inventory_);
    CaptureRows rows(context_, [&files](const std::string& stem) { return files.has(stem); });
    context_.progress.bytes_total += rows.prepare(inventory_) + files.rowBytes();
    context_.progress.tables_total += inventory_.size();
    readAtInstant(files, rows);
    files.store();
    rows.readSnapshot(names_, inventory_);
    if (context_.again_because.empty()) confirmDefinitions();
    if (!context_.again_because.empty()) return {};
    files.confirm();

    context_.progress.setPhase("storing the database's folder");
    SnapshotNodes make(context_.writer, server_instant_);
    files.take(names_, make);
    rows.take(make);
    return build(make);
  }

 private:
  const std::string& database() const { return context_.database(); }

  void look(const std::optional<repository::BlobId>& parent) {
    context_.progress.setPhase("looking at the database");
    context_.facts = readServerFacts(context_.control, static_cast<double>(Clock::system().now().ns) / 1e9);
    stem_ = encodeFileName(database());
    std::string warning;
    context_.parent = loadCaptureParent(context_.repository, parent, stem_, warning);
    if (!warning.empty()) context_.warn(warning);
    inventory_ = listTables(context_.control, database());
    definitions_ = readDefinitions(context_.control, database(), inventory_);
    for (const TableInfo& info : inventory_) {
      if (info.kind != TableKind::kView || info.problem.empty()) continue;
      context_.manifest.broken_views.push_back(info.name);
      context_.warn("view " + info.name + " does not work, and is in the backup as it is: " + info.problem);
    }
  }

  void readAtInstant(CaptureFiles& files, CaptureRows& rows) {
    const GlobalLock::Options options{.wait_s = context_.options.lock_wait_s,
                                      .attempts_max = context_.options.lock_attempts_max,
                                      .pause_s = context_.options.lock_pause_s,
                                      .all_engines = rows.otherEngines(),
                                      .statement_gap_max_s = kSilenceMaxS};
    Connection::Options connect;
    connect.use_database = false;
    WorkerPool beside({.threads = 1, .queue_max = 1, .priority = Priority::kNormal, .name = "names"});
    for (int round = 1;; ++round) {
      files.prepare();
      context_.progress.setPhase("making the instant");
      context_.cancel.check();
      rows.ready();
      Connection lock_connection(context_.address, connect);
      GlobalLock lock(lock_connection, options, context_.cancel);
      instant_ = context_.repository.clock().now();
      server_instant_ = {.ns = context_.serverNowNs()};
      rows.begin();
      beside.submit([this, &rows] {
        names_ = listTableNames(context_.control, database());
        notePosition();
        rows.noteIdentities();
      });
      const bool enough = files.read(round >= kLockRoundsMax);
      beside.wait();
      if (enough) files.confirmEngines();
      if (enough && rows.anyLocked()) {
        const SignsOfLife signs(lock_connection);
        rows.readLocked();
      }
      lock.release();
      notePause(lock);
      if (enough) return;
    }
  }

  // A lock before this one was in vain.
  void notePause(const GlobalLock& lock) {
    Manifest& manifest = context_.manifest;
    manifest.lock_attempts += static_cast<std::uint64_t>(lock.attempts());
    manifest.lock_wait_seconds += context_.lock_granted_s + lock.pendingSeconds();
    manifest.lock_seconds = lock.heldSeconds();
    manifest.lock_method = lock.methodName();
    context_.lock_granted_s = lock.grantedSeconds();
  }

  void notePosition() {
    if (!context_.facts.binary_log) return;
    Manifest& manifest = context_.manifest;
    try {
      const auto rows = context_.control.query("SHOW MASTER STATUS");
      if (!rows.empty() && rows[0].at(0) && rows[0].at(1)) {
        manifest.binlog_file = *rows[0][0];
        std::from_chars(rows[0][1]->data(), rows[0][1]->data() + rows[0][1]->size(),
                        manifest.binlog_position);
      }
      if (context_.facts.is_mariadb)
        manifest.gtid_position = context_.control.queryValue("SELECT @@GLOBAL.gtid_binlog_pos").value_or("");
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      context_.warn(std::string("the binary log's position is not noted: ") + e.what());
    }
  }

  // What was read before the instant must still be true after it.
  void confirmDefinitions() {
    context_.progress.setPhase("confirming definitions");
    const Definitions now =
        readDefinitions(context_.control, database(), listTables(context_.control, database()));
    if (now.script == definitions_.script) return;
    if (context_.again("views, routines, triggers or events were altered during the backup")) return;
    context_.warn(
        "views, routines, triggers or events were altered during the backup: they are in it as they were "
        "shortly before");
  }

  void fillManifest() {
    Manifest& manifest = context_.manifest;
    for (const auto& [name, problem] : context_.table_errors) {
      const auto info = std::find_if(inventory_.begin(), inventory_.end(),
                                     [&name = name](const auto& t) { return t.name == name; });
      context_
          .entry({.name = name,
                  .stem = encodeFileName(name),
                  .engine = info == inventory_.end() ? std::string() : info->engine},
                 TableForm::kFiles)
          .error = problem;
    }
    std::sort(manifest.tables.begin(), manifest.tables.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    manifest.database = database();
    manifest.instant = instant_;
    manifest.server_version = context_.facts.version;
    manifest.server_comment = context_.facts.comment;
    manifest.lower_case_names = context_.facts.lower_case_names;
    manifest.character_set = definitions_.character_set;
    manifest.collation = definitions_.collation;
    manifest.views = definitions_.views;
    manifest.triggers = definitions_.triggers;
    manifest.routines = definitions_.routines;
    manifest.events = definitions_.events;
    for (const ManifestTable& table : manifest.tables) {
      if (!table.name.starts_with(kOldName) || !table.error.empty()) continue;
      context_.warn(
          "table " + table.name + ": its name is none that the server gives, so its files (" + table.file +
          ".*) were copied into the data folder by hand; it is in the backup and is restored under a "
          "legal name; if nobody needs it: DROP TABLE " +
          quoteName(table.name));
    }
    manifest.warnings = context_.warnings;
    manifest.warnings.insert(manifest.warnings.end(), definitions_.errors.begin(), definitions_.errors.end());
  }

  CaptureResult build(SnapshotNodes& make) {
    context_.cancel.check();
    const std::string accounts = readAccounts(context_.control, context_.warnings);
    fillManifest();
    const CaptureParent& parent = context_.parent;
    const repository::Tree* before = parent.root.nodes.empty() ? nullptr : &parent.root;
    repository::Tree root;
    root.nodes.push_back(
        make.folder(stem_, {std::move(context_.nodes)}, parent.folder ? &*parent.folder : nullptr));
    root.nodes.push_back(make.text(definitionsFileName(stem_), definitions_.script, before));
    root.nodes.push_back(make.text(accountsFileName(stem_), accounts, before));
    root.nodes.push_back(make.text(kManifestFileName, asText(encodeManifest(context_.manifest)), before));
    CaptureResult result;
    for (const std::string& error : definitions_.errors)
      result.errors.push_back({.path = "database " + database(), .what = error});
    result.root = make.folder("database", std::move(root), nullptr);
    result.stats = make.stats();
    for (const auto& [name, problem] : context_.table_errors)
      result.errors.push_back({.path = "table " + name, .what = problem});
    result.manifest = std::move(context_.manifest);
    result.warnings = std::move(context_.warnings);
    return result;
  }

  CaptureContext& context_;
  std::string stem_;  // of the database
  std::vector<TableInfo> inventory_;
  Definitions definitions_;
  std::vector<std::string> names_;  // at the instant
  Timestamp instant_, server_instant_;
};

}  // namespace

CaptureResult captureDatabase(const Address& address, const std::optional<repository::BlobId>& parent,
                              const repository::Repository& repository, repository::BlobWriter& writer,
                              const CaptureOptions& options, Progress& progress, const CancelToken& cancel) {
  if (address.database.empty())
    throw Error(ErrorCode::kUsage, "the database's URL names no database", "end it with /NAME");
  {
    Connection::Options connect;
    connect.use_database = false;  // an account without any right on it is told what it lacks, too
    Connection connection(address, connect);
    requireSelect(connection, address.database);
  }
  Address exact = address;
  // The name as the server writes it, which is also its folder's: it may take any letter case.
  if (auto name = Connection(address).queryValue("SELECT DATABASE()")) exact.database = *name;
  std::string because;
  std::uint64_t lock_attempts = 0;  // of captures begun again: the office waited for them too
  double lock_wait_s = 0;
  for (int attempt = 1;; ++attempt) {
    CaptureContext context{.address = exact,
                           .repository = repository,
                           .writer = writer,
                           .options = options,
                           .progress = progress,
                           .cancel = cancel,
                           .control = Connection(exact),
                           .limiter = files::RateLimiter(options.read_bytes_per_second_max),
                           .facts = {},
                           .parent = {},
                           .manifest = {},
                           .nodes = {},
                           .warnings = {},
                           .table_errors = {},
                           .lock_granted_s = 0,
                           .last_try = attempt == kTriesMax,
                           .again_because = {}};
    context.manifest.lock_attempts = lock_attempts;
    context.manifest.lock_wait_seconds = lock_wait_s;
    CaptureResult result = Capture(context).run(parent);
    if (context.again_because.empty()) {
      if (!because.empty()) result.warnings.push_back("the database was read more than once: " + because);
      return result;
    }
    because = context.again_because;
    lock_attempts = context.manifest.lock_attempts;
    lock_wait_s = context.manifest.lock_wait_seconds + context.lock_granted_s;
  }
}

}  // namespace enamel::mariadb
