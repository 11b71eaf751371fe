#include <CLI/CLI.hpp>
#include <memory>

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

void addSourceOptions(CLI::App& app, BackupCommand& command) {
  addDatabaseOptions(app, "--database",
                     "The database to back up: mariadb://USER[:PASSWORD]@HOST[:PORT]/NAME or "
                     "mariadb://USER@localhost/NAME?socket=PATH",
                     command.database);
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

void addSpeedOptions(CLI::App& app, BackupCommand& command) {
  app.add_option("--limit-read", command.limit_read_mb, "Read at most so many megabytes a second")
      ->type_name("MB")
      ->check(CLI::PositiveNumber);
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
  addSpeedOptions(*command, *options);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
