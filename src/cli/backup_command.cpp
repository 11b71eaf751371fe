#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <sstream>

#include "base/error.h"
#include "cli/backup_report.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/job_options.h"
#include "cli/open.h"
#include "cli/status.h"
#include "jobs/backup.h"

namespace enamel::cli {
namespace {

using Compression = repository::WriterOptions::Compression;

constexpr double kBytesPerMegabyte = 1e6;
constexpr std::uint32_t kPackMiBMin = 4, kPackMiBMax = 128;  // restic's limits
// Others' writes wait behind a request: nobody means more than a minute.
constexpr double kLockWaitMinS = 0.01, kLockWaitMaxS = 60;
constexpr int kLockAttemptsMax = 100;

struct BackupCommand {
  DatabaseOption database;
  jobs::BackupOptions job;
  std::string images, indexes = "rebuild", compression = "auto";
  double limit_read_mb = 0;
  std::uint32_t pack_size_mib = 16;
  bool no_idle = false;
};

jobs::BackupOptions jobOptions(const Context& context, const BackupCommand& command) {
  jobs::BackupOptions job = command.job;
  if (command.database.given()) job.database = addressOf(context, command.database);
  job.data_folder = command.database.data_folder;
  if (job.rows_only && command.indexes == "keep")
    throw Error(ErrorCode::kUsage, "--indexes keep needs table files, which --rows-only does without",
                "leave one of the two out");
  job.images = command.images;
  job.indexes = command.indexes == "keep" ? mariadb::Indexes::kKeep : mariadb::Indexes::kRebuild;
  job.priority = command.no_idle ? Priority::kNormal : Priority::kIdle;
  job.read_bytes_per_second_max = static_cast<std::uint64_t>(command.limit_read_mb * kBytesPerMegabyte);
  job.writer.compression = command.compression == "off"   ? Compression::kOff
                           : command.compression == "max" ? Compression::kMax
                                                          : Compression::kAuto;
  job.writer.pack_size_target = command.pack_size_mib << 20;
  return job;
}

int runBackup(Context& context, const BackupCommand& command) {
  const jobs::BackupOptions job = jobOptions(context, command);
  const OpenRepository repository = openRepository(context);
  Progress progress;
  jobs::BackupResult result;
  {
    const StatusDisplay display(context, progress);
    result = jobs::runBackup(*repository, job, progress, context.cancel);
  }
  printBackupReport(context, result, repository.storage->location());
  return result.complete() ? 0 : exitCode(ErrorCode::kIncomplete);
}

// CLI::Range lets "nan" pass.
CLI::Validator secondsBetween(double min, double max) {
  std::ostringstream range;
  range << min << " to " << max;
  return {[min, max, range = range.str()](const std::string& text) -> std::string {
            double value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc() && end == text.data() + text.size() && value >= min && value <= max)
              return {};
            return "\"" + text + "\" is not a number of seconds from " + range;
          },
          "FLOAT in [" + range.str() + "]"};
}

void addSourceOptions(CLI::App& app, BackupCommand& command) {
  addDatabaseOptions(app, "--database",
                     "The database to back up: mariadb://USER[:PASSWORD]@HOST[:PORT]/NAME or "
                     "mariadb://USER@localhost/NAME?socket=PATH",
                     command.database);
  CLI::Option* database = app.get_option("--database");
  app.add_flag("--rows-only", command.job.rows_only,
               "Read every table as rows over the connection, even where the data folder is at hand; the "
               "office waits while MyISAM tables are read")
      ->needs(database)
      ->excludes(app.get_option("--data-folder"));
  app.add_option("--images", command.images, "The image folder (OpenDentImages)")->type_name("DIR");
  app.add_option(
         "--indexes", command.indexes,
         "MyISAM indexes: rebuild makes them anew on restore (small, quick backups), keep stores them "
         "(quick restores)")
      ->check(CLI::IsMember({"rebuild", "keep"}))
      ->capture_default_str();
  app.add_option("--exclude", command.job.excludes, "Leave this file or folder of the image folder out")
      ->type_name("PATH")
      ->expected(1)
      ->take_all();
  app.add_option("--tag", command.job.tags, "Mark the snapshot with this word; may be repeated")
      ->type_name("TAG")
      ->expected(1)
      ->take_all();
  app.add_option("--host", command.job.hostname, "Name of the practice's server, if not this computer's name")
      ->type_name("NAME");
}

void addLockOptions(CLI::App& app, BackupCommand& command) {
  app.add_option("--lock-wait", command.job.lock_wait_s,
                 "How long a request for the read lock may wait, with others' writes waiting behind it; the "
                 "first attempts wait for a part of it")
      ->type_name("SECONDS")
      ->check(secondsBetween(kLockWaitMinS, kLockWaitMaxS))
      ->capture_default_str();
  app.add_option("--lock-attempts", command.job.lock_attempts_max,
                 "How often the read lock is asked for before the backup gives up; pauses between grow")
      ->type_name("N")
      ->check(CLI::Range(1, kLockAttemptsMax))
      ->capture_default_str();
}

void addSpeedOptions(CLI::App& app, BackupCommand& command) {
  app.add_option("--limit-read", command.limit_read_mb, "Read at most so many megabytes a second")
      ->type_name("MB")
      ->check(CLI::Range(0.001, 1e9));
  addThreadsOption(app, command.job.threads);
  app.add_flag("--no-idle", command.no_idle,
               "Work at normal priority; else only with what the front desk leaves over");
  app.add_option("--compression", command.compression, "How hard to compress")
      ->check(CLI::IsMember({"auto", "off", "max"}))
      ->capture_default_str();
  app.add_option("--pack-size", command.pack_size_mib, "Size of the repository's pack files in MiB")
      ->type_name("MIB")
      ->check(CLI::Range(kPackMiBMin, kPackMiBMax))
      ->capture_default_str();
}

}  // namespace

void addBackupCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<BackupCommand>();
  CLI::App* command = newCommand(
      app, context,
      {.name = "backup",
       .summary = "Back up the database and the image folder while everybody works",
       .examples = "enamel backup -r /backup/practice --database mariadb://backup@localhost/opendental \\\n"
                   "    --database-password-file /etc/enamel/database-password --images /srv/OpenDentImages\n"
                   "enamel backup -r /backup/practice --images /srv/OpenDentImages --tag nightly\n"
                   "enamel backup -r /backup/practice --json \\\n"
                   "    --database 'mariadb://root@localhost/opendental?socket=/run/mysqld/mysqld.sock'"},
      [&context, options] { return runBackup(context, *options); });
  addRepositoryOptions(*command, context);
  addSourceOptions(*command, *options);
  addLockOptions(*command, *options);
  addSpeedOptions(*command, *options);
  addOutputOptions(*command, context);
  addBackupNowCommand(*command, context);
}

}  // namespace enamel::cli
