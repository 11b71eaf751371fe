#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/job_options.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/status.h"
#include "jobs/restore.h"
#include "jobs/result_json.h"

namespace enamel::cli {
namespace {

struct RestoreCommand {
  DatabaseOption database;
  jobs::RestoreOptions job;
  std::string images_to, files_to;
};

void printFolder(const Context& context, const char* what, const files::RestoreResult& files,
                 const std::string& folder) {
  context.out << what << formatCount(files.files, "file") << ", " << formatSize(files.bytes) << " in "
              << printable(folder) << '\n';
}

void printForPeople(const Context& context, const RestoreCommand& command,
                    const jobs::RestoreResult& result) {
  std::ostream& out = context.out;
  out << "snapshot   " << result.snapshot.id.shortHex() << " of " << formatLocal(result.snapshot.time)
      << '\n';
  if (result.database)
    out << "database   " << printable(result.database->database) << ": "
        << formatCount(result.database->tables, "table") << ", " << formatCount(result.database->rows, "row")
        << '\n';
  if (result.images) printFolder(context, "images     ", *result.images, command.images_to);
  if (result.files) printFolder(context, "files      ", *result.files, command.files_to);
  if (result.complete()) {
    out << "Restored in " << formatPause(result.seconds_total) << ".\n";
  } else {
    out << "NOT everything was restored: " << formatCount(result.errors.size(), "error")
        << ", named above. What to do: " << printable(result.what_is_left) << ".\n";
  }
}

int runRestore(Context& context, RestoreCommand& command) {
  if (command.database.given()) command.job.database_to = addressOf(context, command.database);
  command.job.data_folder = command.database.data_folder;
  command.job.images_to = command.images_to;
  command.job.files_to = command.files_to;
  const OpenRepository repository = openRepository(context);
  Progress progress;
  jobs::RestoreResult result;
  {
    const StatusDisplay display(context, progress);
    result = jobs::runRestore(*repository, command.job, progress, context.cancel);
  }
  printWarnings(context, result.warnings);
  printProblems(context, result.errors, "restore");
  if (context.shared.json) {
    printJson(context.out, jobs::summaryJson(result));
  } else {
    printForPeople(context, command, result);
  }
  return result.complete() ? 0 : exitCode(ErrorCode::kIncomplete);
}

void addTargets(CLI::App& app, RestoreCommand& command) {
  app.add_option("SNAPSHOT", command.job.snapshot, "The snapshot's id, its first digits, or latest")
      ->type_name("")
      ->required();
  addDatabaseOptions(app, "--database-to",
                     "Restore the database to this running server; a database that exists there is never "
                     "touched. URL as for `enamel backup --database`",
                     command.database);
  app.add_option("--as", command.job.as, "Name for the restored database, if not its own")->type_name("NAME");
  app.add_option(
         "--doc-path", command.job.doc_path,
         "Set where the restored database looks for images (Open Dental's preference DocPath), as the "
         "workstations see that folder")
      ->type_name("PATH");
  app.add_flag("--rows-only", command.job.rows_only, "Load rows, never put table files in place");
  app.add_option(
         "--scratch-folder", command.job.scratch_folder,
         "Where table files may lie meanwhile that must be turned into rows, because the server's data "
         "folder is not at hand; else $TMPDIR or /tmp")
      ->type_name("DIR");
  app.add_option("--images-to", command.images_to, "Restore the image folder's content to this folder")
      ->type_name("DIR");
  app.add_option("--files-to", command.files_to, "Restore everything as plain files to this folder")
      ->type_name("DIR");
  app.add_option("--only", command.job.only,
                 "Only this path of the snapshot (/images/A/AdamsTom12) or table "
                 "(/database/opendental/patient); may be repeated")
      ->type_name("PATH")
      ->expected(1)
      ->take_all();
  app.add_flag("--into-existing", command.job.into_existing,
               "Allow folders that are not empty: files of the same names are written over");
}

}  // namespace

void addRestoreCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<RestoreCommand>();
  CLI::App* command = newCommand(
      app, context,
      {.name = "restore",
       .summary = "Restore a backup, or parts of it",
       .examples = "enamel restore -r /backup/practice latest --images-to /srv/OpenDentImages.restored\n"
                   "enamel restore -r /backup/practice latest --database-to mariadb://root@localhost/ \\\n"
                   "    --as opendental_monday\n"
                   "enamel restore -r /backup/practice 5f3a99c1 --files-to /tmp/look --only "
                   "/images/A/AdamsTom12\n"
                   "enamel restore -r /backup/practice latest --database-to mariadb://root@localhost/ \\\n"
                   "    --as scratch --only /database/opendental/patient"},
      [&context, options] { return runRestore(context, *options); });
  addRepositoryOptions(*command, context);
  addTargets(*command, *options);
  addThreadsOption(*command, options->job.threads);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
