#include "jobs/drill.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/scratch_folder.h"
#include "jobs/drill_images.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"
#include "mariadb/restore.h"
#include "mariadb/restore_count.h"
#include "mariadb/restore_session.h"
#include "opendental/practice.h"

namespace enamel::jobs {
namespace {

using mariadb::Connection;
using mariadb::Manifest;
using mariadb::ManifestTable;
using repository::BlobId;

// Damage is a finding; everything else keeps the drill from being made and goes on up. A server that dies
// over table files counts as damage: it is our own, and nobody else stops it.
bool isDamage(const Error& e) {
  switch (e.code()) {
    case ErrorCode::kCorrupt:
    case ErrorCode::kNotFound:
    case ErrorCode::kLimit:
    case ErrorCode::kUnsupported:
    case ErrorCode::kVerifyFailed:
    case ErrorCode::kDatabase:
    case ErrorCode::kDatabaseUnreachable:
    case ErrorCode::kDatabaseBusy:
    case ErrorCode::kUsage:  // a name in the manifest that no database can have
      return true;
    default:
      return false;
  }
}

// What the server answers to CHECK TABLE where the engine cannot; our own server speaks English.
constexpr const char* kHasNoCheck = "doesn't support check";

constexpr const char* kLogTitle = "newest audit log entry";

class Drill {
 public:
  Drill(repository::Repository& repository, const DrillOptions& options, Progress& progress,
        const CancelToken& cancel)
      : repository_(repository), options_(options), progress_(progress), cancel_(cancel) {}

  DrillReport run() {
    const double start = monotonicSeconds();
    report_.started = repository_.clock().now();
    report_.program_version = options_.program_version;
    report_.repository_id = repository_.config().id;
    findSnapshot();
    if (database_ && readManifest()) {
      for (const auto& left : mariadb::removeAbandonedScratch(options_.scratch_folder))
        report_.warnings.push_back("removed " + left.string() + ", which a run that was killed had left");
      requireSpace(ScratchFolder::parentOf(options_.scratch_folder), spaceNeeded(),
                   "the restored database and its server", "--scratch-folder DIR");
      const ScratchFolder folder("drill", options_.scratch_folder);
      drillDatabase(folder);
    } else if (!database_) {
      notApplicable("restore", "the database restores", "there is no database in this snapshot");
    }
    if (images_) {
      report_.checks.push_back(checkImages(repository_, *images_, options_, report_, progress_, cancel_));
    } else {
      notApplicable("images", kImagesTitle, "there is no image folder in this snapshot");
    }
    report_.ended = repository_.clock().now();
    report_.seconds_total = monotonicSeconds() - start;
    report_.passed = std::none_of(report_.checks.begin(), report_.checks.end(), [](const DrillCheck& check) {
      return check.outcome == CheckOutcome::kFailed;
    });
    return std::move(report_);
  }

 private:
  // Makes one check: body fills it in; damage met on the way is a finding.
  template <class Body>
  void make(const char* name, const char* title, Body body) {
    cancel_.check();
    DrillCheck check;
    check.name = name;
    check.title = title;
    const double start = monotonicSeconds();
    try {
      body(check);
    } catch (const Error& e) {
      cancel_.check();  // a statement that was stopped on request
      if (!isDamage(e)) throw;
      find(check, e.what());
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& e) {  // a value out of the backup that our code did not expect
      find(check, std::string("the answer cannot be understood: ") + e.what());
    }
    check.seconds = monotonicSeconds() - start;
    report_.checks.push_back(std::move(check));
  }

  void find(DrillCheck& check, std::string finding) {
    addFinding(check, std::move(finding), options_.findings_max);
  }

  void notApplicable(const char* name, const char* title, std::string why) {
    DrillCheck check;
    check.name = name;
    check.title = title;
    check.outcome = CheckOutcome::kNotApplicable;
    check.summary = std::move(why);
    report_.checks.push_back(std::move(check));
  }

  void findSnapshot() {
    std::vector<std::string> damaged;
    const repository::Snapshot snapshot = repository_.findSnapshot(options_.snapshot, &damaged);
    repository_.loadIndex(cancel_);            // after: a backup that ends meanwhile must not look damaged
    (void)repository_.distrustDamagedPacks();  // samples alone may miss what is gone
    report_.snapshot_id = snapshot.id.hex();
    report_.snapshot_time = snapshot.time;
    report_.hostname = snapshot.hostname;
    left_out_ = LeftOut(snapshot.excludes);
    for (const std::string& exclude : snapshot.excludes)
      report_.warnings.push_back("left out of this backup on request (--exclude): " + exclude);
    make("snapshot", "the backup is complete", [&](DrillCheck& check) {
      check.summary = "made " + formatLocal(snapshot.time) + " on " + snapshot.hostname;
      if (snapshot.hasTag(repository::kIncompleteTag)) {
        find(check, "the backup is marked incomplete: something could not be read when it was made");
      }
      for (const std::string& other : damaged)
        find(check, "another backup, which may be newer, cannot be read: " + other);
      const repository::Tree root = repository_.loadTree(snapshot.tree);
      const auto folder = [&](const char* name) {
        const repository::Node* node = root.find(name);
        return node == nullptr ? std::nullopt : node->subtree;
      };
      database_ = folder("database");
      images_ = folder("images");
      if (!database_ && !images_) find(check, "there is neither a database nor an image folder in it");
    });
  }

  bool readManifest() {
    bool read = false;
    make("manifest", "the manifest is readable and names no missing table", [&](DrillCheck& check) {
      manifest_ = mariadb::loadManifest(repository_, *database_);
      read = true;
      report_.database = manifest_.database;
      report_.server_version = manifest_.server_version;
      report_.instant = manifest_.instant;
      for (const ManifestTable& table : manifest_.tables) {
        if (!table.error.empty())
          find(check, "table " + table.name + " is not in the backup: " + table.error);
      }
      for (const std::string& warning : manifest_.warnings) report_.warnings.push_back("backup: " + warning);
      check.summary = formatCount(manifest_.tables.size(), "table") + ", " +
                      formatCount(manifest_.rowCount(), "row") + ", the moment " +
                      formatLocal(manifest_.instant);
    });
    return read;
  }

  // At least: indexes, which are built anew, come on top.
  std::uint64_t spaceNeeded() const {
    constexpr std::uint64_t kServerBytes = 320U << 20;  // log, system tables, temporary files
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
    std::uint64_t bytes = kServerBytes;
    for (const ManifestTable& table : manifest_.tables)
      bytes = std::min(kMost, bytes) + std::min(kMost, table.bytes);
    return bytes;
  }

  void drillDatabase(const ScratchFolder& folder) {
    progress_.setPhase("starting a private database server");
    mariadb::PrivateServer::Options options;
    options.folder = folder.path() / "server";
    options.local_infile = true;
    // Nothing here must survive a power failure, and tables are to be seen as they are, not repaired on
    // opening. The pool must hold the largest value of a row several times: InnoDB writes a value's pages in
    // one piece, and with a smaller pool it tries for ever. Memory is taken as it is used.
    options.server_options = {"--myisam-recover-options=OFF", "--innodb-flush-log-at-trx-commit=0",
                              "--innodb-doublewrite=0",       "--innodb-buffer-pool-size=512M",
                              "--innodb-log-file-size=256M",  "--max-allowed-packet=1G",
                              "--event-scheduler=OFF"};
    const mariadb::PrivateServer server(options, cancel_);
    if (!restore(server.address())) return;
    mariadb::Address address = server.address(restored_);
    checkTables(address);
    countRows(address);
    askPractice(address);
  }

  bool restore(const mariadb::Address& address) {
    bool restored = false;
    make("restore", "the database restores", [&](DrillCheck& check) {
      mariadb::RestoreDatabaseOptions options;
      options.threads = options_.threads;
      options.scratch_folder = options_.scratch_folder;
      options.durable = false;
      options.keep_going = true;  // the checks that follow are to see every table
      report_.drill_server_version = Connection(address).serverVersion();
      const mariadb::RestoreDatabaseResult result =
          mariadb::restoreDatabase(repository_, *database_, address, options, progress_, cancel_);
      restored = true;
      restored_ = result.database;
      renamed_ = result.renamed;
      report_.tables = result.tables;
      report_.rows = result.rows;
      for (const std::string& warning : result.warnings) report_.warnings.push_back("restore: " + warning);
      for (const std::string& error : result.errors) find(check, error);
      check.summary = formatCount(result.tables, "table") + " into MariaDB " + report_.drill_server_version;
    });
    report_.seconds_restore = report_.checks.back().seconds;
    return restored;
  }

  std::vector<const ManifestTable*> storedTables() const {
    std::vector<const ManifestTable*> tables;
    for (const ManifestTable& table : manifest_.tables) {
      if (table.error.empty()) tables.push_back(&table);
    }
    std::stable_sort(tables.begin(), tables.end(),
                     [](const ManifestTable* a, const ManifestTable* b) { return a->bytes > b->bytes; });
    return tables;
  }

  // What the table is called in the restored database.
  const std::string& nameOf(const ManifestTable& table) const {
    const auto other = renamed_.find(table.name);
    return other == renamed_.end() ? table.name : other->second;
  }

  // Runs work for every table on several connections; what it returns, if anything, is a finding.
  template <class Work>
  void eachTable(const mariadb::Address& address, DrillCheck& check, Work work) {
    const std::vector<const ManifestTable*> tables = storedTables();
    std::mutex mutex;
    mariadb::forEachOnConnections(address, mariadb::restoreThreads(options_.threads), tables.size(), cancel_,
                                  [&](Connection& connection, std::size_t i) {
                                    progress_.setCurrent(tables[i]->name);
                                    std::string wrong;
                                    try {
                                      wrong = work(connection, *tables[i]);
                                    } catch (const Error& e) {
                                      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
                                      wrong = e.what();
                                    }
                                    if (wrong.empty()) return;
                                    const std::lock_guard lock(mutex);
                                    find(check, "table " + tables[i]->name + ": " + wrong);
                                  });
    // In the manifest's order, whichever connection found it first.
    std::sort(check.findings.begin(), check.findings.end());
  }

  void checkTables(const mariadb::Address& address) {
    progress_.setPhase("checking tables");
    make("table_check", "CHECK TABLE finds nothing wrong", [&](DrillCheck& check) {
      std::atomic<std::size_t> without_check{0};
      eachTable(address, check, [&](Connection& connection, const ManifestTable& table) {
        std::string last, messages;
        bool has_no_check = false;
        for (const mariadb::StoredRow& row :
             connection.query("CHECK TABLE " + mariadb::qualified(restored_, nameOf(table)))) {
          if (row.size() < 4) continue;
          last = row[3].value_or("");
          messages += (messages.empty() ? "" : "; ") + last;
          has_no_check = row[2] == "note" && last.find(kHasNoCheck) != std::string::npos;
        }
        // MEMORY, BLACKHOLE, sequences: no such check exists, which is no fault of the table.
        if (has_no_check && messages == last) {
          ++without_check;
          return std::string();
        }
        return last == "OK" ? std::string() : messages.empty() ? std::string("no answer") : messages;
      });
      check.summary = formatCount(storedTables().size() - without_check, "table") + " checked";
      if (without_check != 0)
        check.summary += "; " + formatCount(without_check) +
                         " restored, but of kinds that have no such check (MEMORY, sequences and the like)";
    });
    report_.seconds_check = report_.checks.back().seconds;
  }

  void countRows(const mariadb::Address& address) {
    progress_.setPhase("counting rows");
    make("row_counts", "row counts equal the manifest", [&](DrillCheck& check) {
      eachTable(address, check, [&](Connection& connection, const ManifestTable& table) {
        if (table.form == mariadb::TableForm::kDefinition) return std::string();
        const std::string rows = mariadb::countRestoredRows(connection, restored_, nameOf(table), table.form);
        if (rows == std::to_string(table.rows)) return std::string();
        return rows + " rows, the manifest says " + std::to_string(table.rows);
      });
      check.summary =
          formatCount(manifest_.rowCount(), "row") + " in " + formatCount(storedTables().size(), "table");
    });
  }

  void askPractice(const mariadb::Address& address) {
    progress_.setPhase("comparing documents with images");
    std::optional<opendental::PracticeFacts> facts;
    std::optional<Connection> connection;
    make("open_dental", "the database says which Open Dental it belongs to", [&](DrillCheck& check) {
      connection.emplace(address);
      facts = opendental::readPracticeFacts(*connection);
      if (!facts) {
        check.outcome = CheckOutcome::kNotApplicable;
        check.summary = "this is not an Open Dental database";
        return;
      }
      report_.practice_title = facts->practice_title;
      report_.database_version = facts->database_version;
      report_.opendental_version = facts->program_version;
      check.summary = facts->practice_title + ", program " + facts->program_version + ", database " +
                      facts->database_version;
    });
    if (!facts) {
      notApplicable("newest_log_entry", kLogTitle, "this is not an Open Dental database");
      notApplicable("documents", "every document has its image file", "this is not an Open Dental database");
      return;
    }
    checkLog(*connection, *facts);
    if (!facts->images_in_folder) {
      notApplicable("documents", "every document has its image file",
                    "the practice keeps no images in a folder");
    } else if (!images_) {
      notApplicable(
          "documents", "every document has its image file",
          "there is no image folder in this snapshot, but " + formatCount(facts->documents, "document row"));
      if (facts->documents != 0) {
        report_.warnings.push_back("the images of " + formatCount(facts->documents, "document") +
                                   " are not part of this backup");
      }
    } else if (!facts->missing_tables.empty()) {
      make("documents", "every document has its image file", [&](DrillCheck& check) {
        for (const std::string& table : facts->missing_tables)
          find(check, "the restored database has no table " + table +
                          ", so it cannot be said which images belong to the practice");
      });
    } else {
      make("documents", "every document has its image file", [&](DrillCheck& check) {
        check = checkDocuments(*connection, repository_, *images_, left_out_, options_, report_, cancel_);
      });
    }
  }

  void checkLog(Connection& connection, const opendental::PracticeFacts& facts) {
    if (!facts.newest_log_entry) {
      notApplicable("newest_log_entry", kLogTitle, "there is no entry in an audit log");
      return;
    }
    make("newest_log_entry", kLogTitle, [&](DrillCheck& check) {
      check.outcome = CheckOutcome::kNoted;
      report_.newest_log_entry = *facts.newest_log_entry;
      // Log times are the practice's local time, which is taken to be this machine's: for people, not for a
      // verdict.
      const std::string age =
          connection
              .queryValue("SELECT TIMESTAMPDIFF(MINUTE, " + mariadb::quoteValue(*facts.newest_log_entry) +
                          ", " + mariadb::quoteValue(formatLocal(manifest_.instant)) + ")")
              .value_or("unknown");
      check.summary = *facts.newest_log_entry + ", " + age +
                      " minutes before the backup's moment (if the practice's clock is set as this one)";
    });
  }

  repository::Repository& repository_;
  const DrillOptions& options_;
  Progress& progress_;
  const CancelToken& cancel_;
  DrillReport report_;
  std::optional<BlobId> database_, images_;
  LeftOut left_out_;
  Manifest manifest_;
  std::string restored_;
  std::map<std::string, std::string> renamed_;  // see RestoreDatabaseResult
};

}  // namespace

DrillReport runDrill(repository::Repository& repository, const DrillOptions& options, Progress& progress,
                     const CancelToken& cancel) {
  return Drill(repository, options, progress, cancel).run();
}

}  // namespace enamel::jobs
