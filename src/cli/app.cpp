#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <new>
#include <sstream>

#include "cli/app_model.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "jobs/version.h"

namespace enamel::cli {
namespace {

constexpr const char* kFooter =
    "\n"
    "A first backup, a look at it, and the proof that it restores:\n"
    "  export ENAMEL_REPOSITORY=/backup/practice ENAMEL_PASSWORD_FILE=/etc/enamel/password\n"
    "  enamel init\n"
    "  enamel backup --database mariadb://backup@localhost/opendental --images /srv/OpenDentImages\n"
    "  enamel snapshots\n"
    "  enamel drill\n"
    "\n"
    "`enamel COMMAND --help` shows each command's options and examples.\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 incomplete (each missing thing is named), 10 no\n"
    "repository, 11 repository locked, 12 wrong password, 130 stopped.\n";

// The innermost command that the words given so far reached, and its full name: its help is the one to read.
const CLI::App& reachedCommand(const CLI::App& app, std::string& path) {
  const CLI::App* current = &app;
  path = current->get_name();
  while (!current->get_subcommands().empty()) {
    current = current->get_subcommands().front();
    path += " " + current->get_name();
  }
  return *current;
}

Error usageError(const CLI::App& app, const CLI::ParseError& error) {
  std::string path;
  const CLI::App& command = reachedCommand(app, path);
  std::string message = error.what();
  const std::vector<std::string> unknown = command.remaining();
  const bool wants_command = command.get_require_subcommand_min() > 0 && command.get_subcommands().empty();
  if (wants_command && !unknown.empty()) {
    message = "there is no command \"" + path + " " + unknown.front() + "\"";
  } else if (wants_command) {
    message = "a command is missing after `" + path + "`";
  }
  message = message.substr(0, message.find('\n'));
  if (message.size() > 1 && std::isupper(static_cast<unsigned char>(message[1])) == 0)
    message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return Error(ErrorCode::kUsage, message, "`" + path + " --help` shows how it is used");
}

// A stop that no signal asked for comes from the job itself.
Error explainStop(const Error& error, const Context& context) {
  if (error.code() != ErrorCode::kCancelled || !context.cancel.cancelled()) return error;
  if (stoppedBySignal())
    return Error(error.code(), error.what(),
                 error.hint().empty()
                     ? "nothing is damaged; run the same command again, what is stored is reused"
                     : error.hint());
  const std::string stopped = "the lock on the repository could not be kept, so the work was stopped";
  if (!error.hint().empty())
    return Error(ErrorCode::kRepositoryLocked, stopped + ": " + error.what(), error.hint());
  return Error(ErrorCode::kRepositoryLocked, stopped,
               "see that the repository's disk is reachable and writable, then run again");
}

int runAction(const std::vector<std::string>& arguments, Context& context) {
  const std::unique_ptr<CLI::App> app = makeApp(context);
  try {
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& success) {  // --help, --version
    return app->exit(success, context.out, context.err);
  } catch (const CLI::ParseError& error) {
    // The option may stand behind what could not be understood.
    if (std::find(arguments.begin(), arguments.end(), "--json") != arguments.end())
      context.shared.json = true;
    throw usageError(*app, error);
  }
  return context.action();
}

int finish(Context& context, int code) {
  context.out.flush();
  if (context.out.good()) return code;
  return printError(context, Error(ErrorCode::kIo, "standard output could not be written"));
}

}  // namespace

std::unique_ptr<CLI::App> makeApp(Context& context) {
  auto app = std::make_unique<CLI::App>(
      "Backs up a dental practice that runs Open Dental - database and image folder, together, while\n"
      "everybody keeps working - and proves that each backup restores.",
      "enamel");
  app->formatter_fn([](const CLI::App* command, const std::string& path, CLI::AppFormatMode) {
    return helpText(describeApp(*command), path);
  });
  app->set_help_flag("-h,--help", "Print this help and leave");
  app->set_version_flag("--version", std::string(jobs::programVersion()), "Print the version and leave");
  app->footer(kFooter);
  app->require_subcommand(1);
  addRepositoryOptions(*app, context);
  addOutputOptions(*app, context);

  addInitCommand(*app, context);
  addBackupCommand(*app, context);
  addSnapshotsCommand(*app, context);
  addLsCommand(*app, context);
  addRestoreCommand(*app, context);
  addGoLiveCommand(*app, context);
  addUndoCommand(*app, context);
  addDrillCommand(*app, context);
  addCheckCommand(*app, context);
  addForgetCommand(*app, context);
  addPruneCommand(*app, context);
  addKeyCommand(*app, context);
  addUnlockCommand(*app, context);
  addServeCommand(*app, context);
  addStatusCommand(*app, context);
  addRunsCommand(*app, context);
  addSetupCommand(*app, context);
  addKitCommand(*app, context);
  addConfigCommand(*app, context);
  addAdministratorCommand(*app, context);
  addSampleCommand(*app, context);
  addCompletionCommand(*app, context);
  addManCommand(*app, context);
  return app;
}

int runCommandLine(const std::vector<std::string>& arguments, Context& context) {
  try {
    return finish(context, runAction(arguments, context));
  } catch (const Error& error) {
    context.out.flush();
    return printError(context, explainStop(error, context));
  } catch (const std::filesystem::filesystem_error& error) {
    const std::string what = error.path1().empty() ? "file system" : error.path1().string();
    return printError(context, systemError(what, error.code().value()));
  } catch (const std::bad_alloc&) {
    return printError(context, Error(ErrorCode::kInternal, "out of memory"));
  } catch (const std::exception& error) {
    return printError(context, Error(ErrorCode::kInternal, std::string("unexpected: ") + error.what(),
                                     "this is a bug; please report it with the command you ran"));
  }
}

}  // namespace enamel::cli
