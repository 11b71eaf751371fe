#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/error.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/run_words.h"
#include "cli/service_client.h"

namespace enamel::cli {
namespace {

using nlohmann::json;

struct BackupNowCommand {
  ServiceAddress service;
  bool no_images = false, no_database = false, no_wait = false;
};

void printResult(const Context& context, ServiceClient& client, const json& run) {
  context.out << runWords(run) << '\n';
  const auto error = run.find("error");
  if (error != run.end() && error->is_object()) {
    context.out << "error           " << textOf(*error, "message") << '\n';
    if (const std::string hint = textOf(*error, "hint"); !hint.empty())
      context.out << "hint            " << hint << '\n';
  }
  if (!run.value("snapshot", json()).is_string()) return;
  const json result =
      client.get("/api/v1/runs/" + std::to_string(run.value("id", 0)) + "/result", context.cancel);
  context.out << "backup          " << textOf(run, "snapshot").substr(0, 8) << '\n'
              << "office paused   " << formatPause(result.value("lock_seconds", 0.0)) << '\n'
              << "took            " << formatDuration(result.value("total_duration", 0.0)) << '\n';
}

int runBackupNow(Context& context, const BackupNowCommand& command) {
  if (command.no_images && command.no_database)
    throw Error(ErrorCode::kUsage, "with neither database nor images there is nothing to back up");
  ServiceClient client(command.service);
  json run = client.post(
      "/api/v1/runs",
      {{"kind", "backup"}, {"options", {{"database", !command.no_database}, {"images", !command.no_images}}}},
      context.cancel);
  if (!command.no_wait) run = watchRun(context, client, run);
  if (context.shared.json)
    printJson(context.out, run);
  else if (command.no_wait)
    context.out << runWords(run) << '\n';
  else
    printResult(context, client, run);
  return command.no_wait ? 0 : exitCodeOf(run);
}

}  // namespace

void addBackupNowCommand(CLI::App& backup, Context& context) {
  auto options = std::make_shared<BackupNowCommand>();
  CLI::App* command =
      newCommand(backup, context,
                 {.name = "now",
                  .summary = "Let the running service make a backup at once, as it is configured",
                  .examples = "enamel backup now\nenamel backup now --no-images --no-wait"},
                 [&context, options] { return runBackupNow(context, *options); });
  addServiceOptions(*command, options->service);
  command->add_flag("--no-images", options->no_images, "The database alone");
  command->add_flag("--no-database", options->no_database, "The images alone");
  command->add_flag("--no-wait", options->no_wait, "Do not wait for its end");
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
