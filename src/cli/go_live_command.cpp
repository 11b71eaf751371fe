#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/status.h"
#include "jobs/go_live.h"

namespace enamel::cli {
namespace {

struct GoLiveCommand {
  std::string url, password_file;
  jobs::GoLiveOptions job;
  bool yes = false;
};

std::string rows(const std::optional<std::uint64_t>& count) {
  return count ? formatCount(*count) : "-";
}

std::string orNone(const std::string& text) {
  return text.empty() ? "none" : text;
}

void printComparison(const Context& context, const jobs::DatabaseComparison& comparison) {
  std::ostream& out = context.out;
  Table facts({"", "now: " + comparison.live, "copy: " + comparison.copy});
  facts.add(
      {"Open Dental", orNone(comparison.live_versions.program), orNone(comparison.copy_versions.program)});
  facts.add({"database version", orNone(comparison.live_versions.database),
             orNone(comparison.copy_versions.database)});
  facts.add({"newest audit log entry", comparison.live_newest_log.value_or("none"),
             comparison.copy_newest_log.value_or("none")});
  std::size_t same = 0;
  for (const auto& table : comparison.tables) {
    if (table.live_rows && table.live_rows == table.copy_rows) {
      ++same;
    } else {
      facts.add({"rows of " + printable(table.name), rows(table.live_rows), rows(table.copy_rows)});
    }
  }
  out << facts.text() << formatCount(same, "table") << (same == 1 ? " has" : " have")
      << " the same number of rows in both.\n";
}

// The name typed says that the right database was thought of.
void confirm(const Context& context, const GoLiveCommand& command, const std::string& question) {
  if (command.yes) return;
  if (!context.ask_line || context.shared.json)
    throw Error(ErrorCode::kUsage, "nobody can be asked whether this is to be done",
                "look at what is in both databases, then add --yes");
  const std::string& live = command.job.database.database;
  if (context.ask_line(question + "\nType the database's name, " + printable(live) + ", to go on: ") != live)
    throw Error(ErrorCode::kCancelled, "that is not its name: nothing was changed");
}

void printResult(const Context& context, const jobs::GoLiveResult& result) {
  const mariadb::MoveResult& move = result.move;
  std::ostream& out = context.out;
  if (move.aside.empty()) {
    out << printable(move.live) << " is as it was.\n";
    return;
  }
  out << "database   " << printable(move.live) << ": " << formatCount(move.tables_in, "table")
      << " that were in " << printable(move.copy) << '\n'
      << "aside      " << printable(move.aside) << ": " << formatCount(move.tables_aside, "table")
      << " that were in " << printable(move.live) << '\n'
      << "nobody could work for " << formatPause(move.seconds_moving) << '\n';
  if (!move.complete())
    out << "NOT everything followed the tables: " << formatCount(move.errors.size(), "error")
        << ", named above. The definitions are kept in the table __enamel_move_objects of "
        << printable(move.aside) << ".\n";
}

int report(const Context& context, const jobs::GoLiveResult& result, bool told_before) {
  std::vector<std::string> warnings = result.move.warnings;
  if (told_before && result.before)
    warnings.erase(warnings.begin(),
                   warnings.begin() + static_cast<std::ptrdiff_t>(result.before->warnings.size()));
  printWarnings(context, warnings);
  std::vector<files::Problem> problems;
  for (const std::string& error : result.move.errors) problems.push_back({"database", error});
  printProblems(context, problems, "restore");
  if (context.shared.json) {
    printJson(context.out, jobs::summaryJson(result));
  } else {
    printResult(context, result);
  }
  return result.complete() ? 0 : exitCode(ErrorCode::kIncomplete);
}

// What is in both, before the question; nothing where a move that was cut off is to be completed.
bool showBefore(const Context& context, const GoLiveCommand& command, const std::string& copy) {
  if (context.shared.json || context.shared.quiet) return false;
  mariadb::Connection::Options options;
  options.use_database = false;
  mariadb::Connection connection(command.job.database, options);
  if (mariadb::unfinishedMoveOf(connection, command.job.database.database)) return false;
  const jobs::DatabaseComparison comparison =
      jobs::compareDatabases(connection, command.job.database.database, copy);
  printComparison(context, comparison);
  printWarnings(context, comparison.warnings);
  return true;
}

int runGoLive(Context& context, GoLiveCommand& command) {
  command.job.database = databaseAddress(context, command.url, command.password_file);
  const bool shown = showBefore(context, command, command.job.copy);
  confirm(context, command,
          "The tables of " + printable(command.job.copy) + " will take the place of those of " +
              printable(command.job.database.database) + ", which are kept under another name.");
  Progress progress;
  jobs::GoLiveResult result;
  {
    const StatusDisplay display(context, progress);
    result = jobs::runGoLive(command.job, progress, context.cancel);
  }
  const int code = report(context, result, shown);
  if (!context.shared.json)
    context.out << printable(result.move.copy) << " is live. To take this back: enamel undo --database URL\n";
  return code;
}

int runUndo(Context& context, GoLiveCommand& command) {
  command.job.database = databaseAddress(context, command.url, command.password_file);
  std::string aside;
  {
    mariadb::Connection::Options options;
    options.use_database = false;
    mariadb::Connection connection(command.job.database, options);
    if (const auto last = mariadb::lastMoveOf(connection, command.job.database.database)) aside = last->aside;
  }
  const bool shown = !aside.empty() && showBefore(context, command, aside);
  confirm(context, command,
          aside.empty()
              ? "What a go-live or undo that was cut off left will be completed or taken back."
              : "The tables of " + printable(aside) + " will be " + printable(command.job.database.database) +
                    " again; those that are now are kept under another name.");
  Progress progress;
  jobs::GoLiveResult result;
  {
    const StatusDisplay display(context, progress);
    result = jobs::runUndo(command.job, progress, context.cancel);
  }
  return report(context, result, shown);
}

void addSharedOptions(CLI::App& command, Context& context, GoLiveCommand& options) {
  command
      .add_option("--database", options.url,
                  "The database that people work with: mariadb://USER@HOST[:PORT]/NAME")
      ->type_name("URL")
      ->required();
  command
      .add_option("--database-password-file", options.password_file,
                  "File that holds the database user's password; safer than a password in the URL (or set "
                  "ENAMEL_DATABASE_PASSWORD_FILE)")
      ->type_name("FILE");
  command.add_flag("--yes", options.yes, "Do not ask for the database's name first");
  addOutputOptions(command, context);
}

}  // namespace

void addGoLiveCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<GoLiveCommand>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "go-live",
                  .summary = "Make a restored database the one that people work with; can be undone",
                  .examples = "enamel go-live --database mariadb://root@localhost/opendental --from "
                              "opendental_monday"},
                 [&context, options] { return runGoLive(context, *options); });
  command
      ->add_option("--from", options->job.copy,
                   "The database on the same server whose tables take the place of the present ones")
      ->type_name("NAME")
      ->required();
  addSharedOptions(*command, context, *options);
}

void addUndoCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<GoLiveCommand>();
  CLI::App* command = newCommand(
      app, context,
      {.name = "undo",
       .summary = "Take the newest go-live back: the former database is live again, the other one is kept",
       .examples = "enamel undo --database mariadb://root@localhost/opendental"},
      [&context, options] { return runUndo(context, *options); });
  addSharedOptions(*command, context, *options);
}

}  // namespace enamel::cli
