#include "mariadb/restore.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "base/time.h"
#include "mariadb/restore_definitions.h"
#include "mariadb/restore_files.h"
#include "mariadb/restore_names.h"
#include "mariadb/restore_rows.h"
#include "mariadb/restore_session.h"
#include "mariadb/restore_source.h"
#include "mariadb/restore_stream.h"
#include "mariadb/restore_workplace.h"

namespace enamel::mariadb {
namespace {

using Tables = std::vector<const ManifestTable*>;

constexpr std::size_t kFailuresTold = 20;  // in one error text

// Major and minor version as one number: 10.11 is 1011.
int versionNumber(const std::string& version) {
  char* end = nullptr;
  const long major = std::strtol(version.c_str(), &end, 10);
  const long minor = *end == '.' ? std::strtol(end + 1, nullptr, 10) : 0;
  return static_cast<int>(std::clamp(major, 0L, 1000L) * 100 + std::clamp(minor, 0L, 99L));
}

bool hasUpperCase(const std::string& name) {
  return std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::isupper(c) != 0; });
}

bool isMerge(const ManifestTable& table) {
  return table.engine == "MRG_MyISAM" || table.engine == "MRG_MYISAM" || table.engine == "MERGE";
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

class DatabaseRestore {
 public:
  DatabaseRestore(const repository::Repository& repository, const repository::BlobId& database_tree,
                  const Address& address, const RestoreDatabaseOptions& options, Progress& progress,
                  const CancelToken& cancel)
      : source_(repository, database_tree),
        address_(address),
        options_(options),
        progress_(progress),
        cancel_(cancel),
        threads_(restoreThreads(options.threads)),
        label_("tree " + database_tree.hex()) {}

  RestoreDatabaseResult run() {
    chooseTables();
    Connection connection = openRestoreConnection(address_);
    RestoreWorkplace workplace(connection, targetName());
    result_.database = workplace.target();
    compareServers(connection);
    beginPhase("files", "preparing the restored database");
    workplace.open(source_.manifest(), label_, options_.data_folder);
    working_ = workplace.name();
    try {
      makeTables(connection);
      if (!options_.keep_going) requireWhole();
      if (options_.durable) syncTables(connection);
      beginPhase("promote", "putting the database in place");
      workplace.promote(result_.renamed);
      beginPhase("definitions", "making views, triggers, routines and events");
      makeDefinitions(workplace.target());
      beginPhase("finish", "finishing");
      workplace.finish();
    } catch (Error& e) {
      // Only of a database that this restore made itself may it be said that it can be dropped.
      if (workplace.targetMade()) {
        e.addHint("the restore was cut off while the database " + workplace.target() +
                  " was put in place: run DROP DATABASE " + quoteName(workplace.target()) +
                  " by hand and restore again, or choose another name with --as NAME");
      } else {
        e.addHint("the restore of " + workplace.target() +
                  " did not end; running it again clears what it left (" + working_ + ") and starts clean");
      }
      throw;
    }
    append(result_.warnings, workplace.warnings());
    return std::move(result_);
  }

 private:
  void beginPhase(const char* name, const char* words) {
    cancel_.check();
    progress_.setPhase(words);
    if (options_.on_phase) options_.on_phase(name);
    cancel_.check();
  }

  std::string targetName() const {
    if (!options_.as.empty()) return options_.as;
    return address_.database.empty() ? source_.manifest().database : address_.database;
  }

  void chooseTables() {
    for (const std::string& name : options_.only) {
      if (source_.manifest().find(name) == nullptr) {
        throw Error(ErrorCode::kNotFound, "there is no table " + name + " in this snapshot",
                    "`enamel ls` shows what is in it");
      }
    }
    for (const ManifestTable& table : source_.manifest().tables) {
      const bool wanted = options_.only.empty() || std::find(options_.only.begin(), options_.only.end(),
                                                             table.name) != options_.only.end();
      if (!wanted) continue;
      if (table.name == kMarkerTable) {
        result_.warnings.push_back("the backup is of a database whose restore had not ended");
      } else if (!table.error.empty()) {
        result_.errors.push_back("table " + table.name + " is not in the backup: " + table.error);
      } else {
        chosen_.push_back(&table);
      }
    }
    // The largest first, so that the last ones to end are small.
    std::stable_sort(chosen_.begin(), chosen_.end(), [this](const ManifestTable* a, const ManifestTable* b) {
      return source_.bytesOf(*a) > source_.bytesOf(*b);
    });
    progress_.tables_total = chosen_.size();
    chooseNames();
  }

  void chooseNames() {
    std::vector<std::string> names;
    for (const ManifestTable& table : source_.manifest().tables) names.push_back(table.name);
    const NewNames replaced = replacedTableNames(names);
    for (const ManifestTable* table : chosen_) {
      const auto found = replaced.find(table->name);
      if (found == replaced.end()) continue;
      result_.renamed.insert(*found);
      result_.warnings.push_back(
          "table " + table->name + " is called " + found->second +
          " in the restored database: its name cannot be given to a table; it is what a "
          "server shows for files that somebody copied into the database's folder by "
          "hand, so most likely nobody needs it");
    }
  }

  void compareServers(Connection& connection) {
    const Manifest& manifest = source_.manifest();
    const int from = versionNumber(manifest.server_version), to = versionNumber(connection.serverVersion());
    other_version_ = from != to;
    if (from > to) {
      result_.warnings.push_back("the backup is of a newer server (" + manifest.server_version +
                                 ") than this one (" + connection.serverVersion() +
                                 "); every table is checked, but prefer the same version");
    }
    lower_case_target_ = connection.queryValue("SELECT @@lower_case_table_names").value_or("0") != "0";
    if (manifest.lower_case_names && !lower_case_target_) {
      result_.warnings.push_back(
          "the practice's server does not tell upper from lower case in table names, this one does "
          "(lower_case_table_names): a program that mixes them will not find its tables here");
    }
    if (connection.queryValue("SELECT @@log_bin").value_or("0") != "0") {
      result_.warnings.push_back(
          "this server writes a binary log: table files put in place are not in it and do not reach its "
          "replicas");
    }
  }

  // Tells of what this restore could not do.
  void failed(const std::string& what) {
    const std::lock_guard lock(mutex_);
    failures_.push_back(what);
    result_.errors.push_back(what);
  }

  // Notes how a table ended; wrong: empty if it is whole.
  void finished(const ManifestTable& table, const std::string& wrong,
                const std::vector<std::string>& warnings = {}) {
    ++progress_.tables_done;
    if (!wrong.empty()) failed("table " + table.name + ": " + wrong);
    const std::lock_guard lock(mutex_);
    append(result_.warnings, warnings);
    if (!wrong.empty() || broken_.count(table.file) != 0 || left_out_.count(table.name) != 0) return;
    ++result_.tables;
    result_.rows += table.rows;
  }

  // Files that could not be written: their tables are not whole, whatever the server makes of them.
  void noteBroken(const std::vector<files::Problem>& problems) {
    for (const files::Problem& p : problems) {
      const std::string file = std::filesystem::path(p.path).filename();
      for (const ManifestTable* table : chosen_)
        if (isFileOfTable(file, table->file)) broken_.insert(table->file);
      failed("table file " + p.path + ": " + p.what);
    }
  }

  void requireWhole() const {
    if (failures_.empty()) return;
    std::string text =
        "the database was not restored, nothing appeared under the name " + result_.database + ": ";
    for (std::size_t i = 0; i < failures_.size() && i < kFailuresTold; ++i) {
      text += (i == 0 ? "" : "; ") + failures_[i];
    }
    if (failures_.size() > kFailuresTold) {
      text += "; and " + std::to_string(failures_.size() - kFailuresTold) + " more";
    }
    throw Error(
        ErrorCode::kVerifyFailed, text,
        "running the restore again clears what is left (" + working_ +
            ") and starts clean; if the backup itself is damaged there (`enamel check --read-data`), restore "
            "another snapshot, or the tables that are whole with --only");
  }

  void makeTables(Connection& connection) {
    Tables files, rows, merges;
    for (const ManifestTable* table : chosen_) {
      const bool is_files = table->form == TableForm::kFiles || table->form == TableForm::kFilesKeyed;
      (is_files                                                   ? files
       : table->form == TableForm::kDefinition && isMerge(*table) ? merges
                                                                  : rows)
          .push_back(table);
    }
    after_tables_ = merges;
    Tables streamed;
    if (!files.empty()) streamed = makeInPlace(connection, files);
    const double start = monotonicSeconds();
    if (!rows.empty() || !streamed.empty()) {
      beginPhase("rows", "loading rows");
      loadTables(rows, streamed);
    }
    result_.seconds_rows = monotonicSeconds() - start;
  }

  // Returns the tables whose files cannot go in place and must be streamed.
  Tables makeInPlace(Connection& connection, const Tables& files) {
    std::string reason = "asked for";
    if (!options_.rows_only) folder_ = findTargetFolder(connection, working_, options_.data_folder, reason);
    if (!folder_) {
      if (!options_.rows_only)
        result_.warnings.push_back(reason + ": tables are restored row by row, which takes longer");
      return files;
    }
    Tables placed, streamed;
    for (const ManifestTable* table : files) {
      (lower_case_target_ && hasUpperCase(table->name) ? streamed : placed).push_back(table);
    }
    double start = monotonicSeconds();
    progress_.setPhase("restoring table files");
    noteBroken(placeTableFiles(source_, placed, *folder_, threads_, progress_, cancel_));
    result_.seconds_files = monotonicSeconds() - start;

    start = monotonicSeconds();
    beginPhase("indexes", "rebuilding indexes");
    IndexOptions index;
    index.check_upgrade = other_version_;
    index.sort_buffer_bytes = sortBufferBytes(threads_);
    forEachOnConnections(address_, threads_, placed.size(), cancel_, [&](Connection& worker, std::size_t i) {
      const ManifestTable& table = *placed[i];
      progress_.setCurrent(table.name);
      std::vector<std::string> warnings;
      const std::string wrong = finishTableFiles(worker, working_, table, index, warnings);
      finished(table, wrong, warnings);
    });
    result_.seconds_indexes = monotonicSeconds() - start;
    return streamed;
  }

  // MyISAM does not sync what it writes, neither placed files nor rows that it was given; a power failure
  // after the tables got their name must not empty them. Where the data folder is not at hand, nobody can.
  void syncTables(Connection& connection) {
    std::string reason;
    if (!folder_) folder_ = findTargetFolder(connection, working_, options_.data_folder, reason);
    if (!folder_) return;
    beginPhase("sync", "writing the tables to the disk");
    const Fd folder = openFile(folder_->path, O_RDONLY | O_DIRECTORY);
    if (::syncfs(folder.get()) != 0) throw systemError("sync " + folder_->path, errno);
  }

  void loadTables(const Tables& rows, const Tables& streamed) {
    std::unique_ptr<RowStreamer> streamer;
    if (!streamed.empty()) {
      std::vector<files::Problem> problems;
      streamer = std::make_unique<RowStreamer>(source_, streamed, options_.scratch_folder, threads_, problems,
                                               progress_, cancel_);
      noteBroken(problems);
    }
    Tables all = rows;
    all.insert(all.end(), streamed.begin(), streamed.end());
    forEachOnConnections(address_, threads_, all.size(), cancel_, [&](Connection& worker, std::size_t i) {
      const ManifestTable& table = *all[i];
      progress_.setCurrent(table.name);
      if (i < rows.size()) {
        loadTable(worker, working_, table);
      } else {
        std::vector<std::string> warnings;
        const std::string wrong = streamer->stream(
            worker, working_, table, newName(result_.renamed, table.name), progress_, cancel_, warnings);
        finished(table, wrong, warnings);
      }
    });
  }

  void loadTable(Connection& connection, const std::string& database, const ManifestTable& table) {
    RowTableResult made;
    const std::string wrong = restoreRowTable(connection, database, source_, table, result_.renamed,
                                              options_.keep_going, progress_, cancel_, made);
    prepareRestoreSession(connection);  // sql_mode was changed
    {
      const std::lock_guard lock(mutex_);
      deferred_.insert(deferred_.end(), made.deferred.begin(), made.deferred.end());
      append(result_.errors, made.left_out);
      if (!made.left_out.empty()) left_out_.insert(table.name);
    }
    finished(table, wrong, made.warnings);
  }

  void makeDefinitions(const std::string& database) {
    Connection connection = openRestoreConnection(address_);
    // MERGE tables name their parts' files, so they cannot be made elsewhere and moved.
    for (const ManifestTable* table : after_tables_) loadTable(connection, database, *table);
    std::vector<Statement> statements;
    if (options_.only.empty()) {
      const std::string script = source_.definitions();
      statements = splitScript(script, source_.manifest().database + ".sql");
    } else if (source_.manifest().views + source_.manifest().triggers + source_.manifest().routines +
                   source_.manifest().events !=
               0) {
      result_.warnings.push_back(
          "only tables were asked for: views, triggers, routines and events are not restored");
    }
    if (options_.only.empty()) statements.insert(statements.end(), deferred_.begin(), deferred_.end());
    if (statements.empty() && !options_.only.empty()) return;
    const DefinitionsResult made = restoreDefinitions(connection, database, source_.manifest().database,
                                                      statements, source_.manifest().broken_views);
    append(result_.warnings, made.warnings);
    append(result_.errors, made.errors);
    compareCount("views", made.views + made.broken_views, source_.manifest().views);
    compareCount("triggers", made.triggers + made.left_out_triggers, source_.manifest().triggers);
    compareCount("routines", made.routines, source_.manifest().routines);
    compareCount("events", made.events + made.left_out_events, source_.manifest().events);
  }

  void compareCount(const char* what, std::uint64_t made, std::uint64_t expected) {
    if (made == expected) return;
    result_.errors.push_back(std::to_string(made) + " " + what + " were made, the backup's manifest says " +
                             std::to_string(expected));
  }

  const RestoreSource source_;
  const Address& address_;
  const RestoreDatabaseOptions& options_;
  Progress& progress_;
  const CancelToken& cancel_;
  const std::size_t threads_;
  const std::string label_;
  std::string working_;
  Tables chosen_, after_tables_;
  std::optional<TargetFolder> folder_;  // of the working database, where it is at hand
  bool other_version_ = false, lower_case_target_ = false;

  std::mutex mutex_;  // guards what follows while connections work in parallel
  std::vector<Statement> deferred_;
  std::vector<std::string> failures_;
  std::set<std::string> broken_;    // stems of tables of which a file could not be written
  std::set<std::string> left_out_;  // tables that this server cannot have
  RestoreDatabaseResult result_;
};

}  // namespace

RestoreDatabaseResult restoreDatabase(const repository::Repository& repository,
                                      const repository::BlobId& database_tree, const Address& target,
                                      const RestoreDatabaseOptions& options, Progress& progress,
                                      const CancelToken& cancel) {
  return DatabaseRestore(repository, database_tree, target, options, progress, cancel).run();
}

}  // namespace enamel::mariadb
