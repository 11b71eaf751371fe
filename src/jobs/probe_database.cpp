#include "jobs/probe_database.h"

#include <utility>

#include "base/printable.h"
#include "base/time.h"
#include "jobs/local_images.h"
#include "mariadb/connection.h"
#include "mariadb/data_folder.h"
#include "mariadb/rights.h"
#include "mariadb/server_facts.h"
#include "mariadb/table_inventory.h"
#include "opendental/practice.h"

namespace enamel::jobs {
namespace {

using mariadb::Connection;

constexpr unsigned kConnectSeconds = 5;
constexpr unsigned kAnswerSeconds = 60;
constexpr std::size_t kPracticesMax = 50;

class Prober {
 public:
  Prober(const mariadb::Address& address, const std::string& given_folder, const CancelToken& cancel)
      : address_(address), given_folder_(given_folder), cancel_(cancel) {}

  DatabaseProbe run() {
    guarded([&] { connect(); });
    if (!connection_) return std::move(probe_);
    guarded([&] { findPractices(); });
    if (address_.database.empty()) {
      add("no_database", "no database was named",
          probe_.practices.empty() ? "name it after the slash: mariadb://USER@HOST/opendental"
                                   : "on this server there is " + printable(probe_.practices.front()));
      return std::move(probe_);
    }
    guarded([&] { probe_.missing_grants = mariadb::missingGrants(*connection_, facts_, address_.database); });
    if (!guarded([&] { selectDatabase(); })) return std::move(probe_);
    guarded([&] { lookAtPractice(); });
    guarded([&] { lookAtTables(); });
    guarded([&] { lookForDataFolder(); });
    return std::move(probe_);
  }

 private:
  // False: it failed, and what failed is among the problems.
  template <class Step>
  bool guarded(Step step) {
    cancel_.check();
    try {
      step();
      return true;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      probe_.problems.push_back(ProbeProblem::of(error));
      return false;
    }
  }
  void add(const char* code, std::string message, std::string hint) {
    probe_.problems.push_back({.code = code, .message = std::move(message), .hint = std::move(hint)});
  }

  void connect() {
    try {
      connection_.emplace(address_, Connection::Options{.connect_timeout_s = kConnectSeconds,
                                                        .read_timeout_s = kAnswerSeconds,
                                                        .use_database = false});
      facts_ = mariadb::readServerFacts(*connection_, static_cast<double>(Clock::system().now().ns) / 1e9);
    } catch (Error& error) {
      if (error.code() == ErrorCode::kDatabaseUnreachable)
        error.addHint(
            "see that the database server runs and lets this computer in: host, port, firewall, and "
            "bind-address in its configuration");
      if (error.code() == ErrorCode::kDatabaseDenied)
        error.addHint("check user and password, and that the account may come from this computer");
      throw;
    }
    probe_.reachable = true;
    probe_.server_version = facts_.version;
  }

  // A database with the table `preference` that says which version it has.
  void findPractices() {
    for (const auto& row : connection_->query(
             "SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE LOWER(TABLE_NAME) = 'preference' "
             "ORDER BY TABLE_SCHEMA")) {
      if (!row.at(0) || probe_.practices.size() >= kPracticesMax) continue;
      try {
        const auto version =
            connection_->queryValue("SELECT ValueString FROM " + mariadb::quoteName(*row[0]) +
                                    ".preference WHERE PrefName = 'DataBaseVersion'");
        if (version && !version->empty()) probe_.practices.push_back(*row[0]);
      } catch (const Error& error) {
        if (error.code() == ErrorCode::kDatabaseUnreachable) throw;  // else: some other program's table
      }
    }
  }

  void selectDatabase() {
    try {
      connection_->execute("USE " + mariadb::quoteName(address_.database));
      mariadb::requireSelect(*connection_, address_.database);
    } catch (Error& error) {
      if (error.code() == ErrorCode::kNotFound && !probe_.practices.empty())
        error.addHint("on this server there is " + printable(probe_.practices.front()));
      throw;
    }
    probe_.readable = true;
  }

  void lookAtPractice() {
    const auto practice = opendental::readPracticeFacts(*connection_);
    if (!practice)
      return add("not_open_dental", "the database holds no Open Dental practice",
                 probe_.practices.empty() ? "it is backed up all the same; check its name"
                                          : "one is in " + printable(probe_.practices.front()));
    probe_.practice_title = practice->practice_title;
    probe_.program_version = practice->program_version;
    probe_.database_version = practice->database_version;
    if (!practice->images_in_folder)
      add("images_not_in_folder", "Open Dental keeps this practice's images elsewhere than in a folder",
          "images in the database are backed up with it; those in Dropbox or at an SFTP server are not");
    if (practice->image_folders.empty()) return;
    probe_.doc_path = "";
    for (const opendental::DocPath& path : practice->image_folders)
      *probe_.doc_path += (probe_.doc_path->empty() ? "" : ";") + path.text;
    probe_.local_path_candidates = localImageFolders(practice->image_folders);
  }

  void lookAtTables() {
    std::uint64_t damaged = 0;
    for (const mariadb::TableInfo& table : mariadb::listTables(*connection_, address_.database)) {
      if (table.kind != mariadb::TableKind::kTable) continue;
      ++probe_.tables;
      probe_.bytes += table.data_bytes;
      ++probe_.engines[table.engine.empty() ? "unknown" : table.engine];
      if (!table.problem.empty()) ++damaged;
    }
    if (probe_.tables == 0) add("no_tables", "the database holds no table", "check its name");
    if (damaged != 0)
      add("damaged_tables", std::to_string(damaged) + " tables cannot be opened by the server",
          "let Open Dental's Database Maintenance or CHECK TABLE look at them before the first backup");
  }

  void lookForDataFolder() {
    const bool has_myisam = probe_.engines.count("MyISAM") != 0;
    probe_.data_folder = given_folder_.empty() ? facts_.data_folder : given_folder_;
    try {
      const mariadb::FoundFolder found =
          mariadb::findDatabaseFolder(*connection_, facts_, address_.database, given_folder_, cancel_);
      probe_.data_folder_found = found.folder != nullptr;
      probe_.data_folder_why = found.why_not;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled || error.code() == ErrorCode::kDatabaseUnreachable) throw;
      probe_.data_folder_why = error.what();
    }
    if (!probe_.data_folder_found && has_myisam)
      add("no_data_folder",
          "table files cannot be read from here, so the office has to wait while MyISAM tables that changed "
          "are "
          "read: " +
              probe_.data_folder_why,
          "run Enamel on the server as a user who may read the data folder, or mount that folder read-only "
          "and "
          "name it");
  }

  const mariadb::Address& address_;
  const std::string& given_folder_;
  const CancelToken& cancel_;
  std::optional<Connection> connection_;
  mariadb::ServerFacts facts_;
  DatabaseProbe probe_;
};

}  // namespace

DatabaseProbe probeDatabase(const mariadb::Address& address, const std::string& data_folder,
                            const CancelToken& cancel) {
  return Prober(address, data_folder, cancel).run();
}

}  // namespace enamel::jobs
