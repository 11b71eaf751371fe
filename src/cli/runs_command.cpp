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
#include "http/target.h"

namespace enamel::cli {
namespace {

using nlohmann::json;

constexpr int kRunsMax = 500;
constexpr std::size_t kErrorColumns = 60;

struct RunsCommand {
  ServiceAddress service;
  std::string kind, state;
  int limit = 20;
  std::int64_t id = 0;
};

std::string errorOf(const json& run) {
  const auto error = run.find("error");
  return error == run.end() ? std::string() : textOf(*error, "message");
}

int listRuns(Context& context, const RunsCommand& command) {
  ServiceClient client(command.service);
  std::string path = "/api/v1/runs?limit=" + std::to_string(command.limit);
  if (!command.kind.empty()) path += "&kind=" + http::percentEncode(command.kind);
  if (!command.state.empty()) path += "&state=" + http::percentEncode(command.state);
  const json page = client.get(path, context.cancel);
  if (context.shared.json) {
    printJson(context.out, page.value("runs", json::array()));
    return 0;
  }
  Table table({"Run", "Kind", "State", "Asked for", "Began", "Ended", "By", "Backup", "Error"});
  const json runs = page.value("runs", json::array());
  for (const json& run : runs) {
    const auto time = [&](const char* name) {
      return run.value(name, json()).is_null() ? std::string("-") : timeText(run.value(name, json()));
    };
    table.add({std::to_string(run.value("id", 0)), textOf(run, "kind"), textOf(run, "state"), time("queued"),
               time("started"), time("ended"), textOf(run, "started_by"),
               textOf(run, "snapshot").substr(0, 8), shortened(errorOf(run), kErrorColumns)});
  }
  if (!runs.empty()) context.out << table.text();
  if (!context.shared.quiet) context.out << formatCount(runs.size(), "run") << '\n';
  return 0;
}

int showRun(Context& context, const RunsCommand& command) {
  ServiceClient client(command.service);
  const std::string path = "/api/v1/runs/" + std::to_string(command.id);
  const json run = client.get(path, context.cancel);
  json result;
  try {
    result = client.get(path + "/result", context.cancel);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
  }
  if (context.shared.json) {
    nlohmann::ordered_json object = run;
    object["result"] = result;
    printJson(context.out, object);
    return 0;
  }
  context.out << runWords(run) << '\n';
  if (const std::string error = errorOf(run); !error.empty()) {
    context.out << "error   " << error << '\n';
    if (const std::string hint = textOf(run.at("error"), "hint"); !hint.empty())
      context.out << "hint    " << hint << '\n';
  }
  if (!result.is_null()) context.out << result.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
  return 0;
}

int cancelRun(Context& context, const RunsCommand& command) {
  ServiceClient client(command.service);
  const json run =
      client.post("/api/v1/runs/" + std::to_string(command.id) + "/cancel", json::object(), context.cancel);
  if (context.shared.json)
    printJson(context.out, run);
  else
    context.out << runWords(run) << ": asked to stop\n";
  return 0;
}

int watchARun(Context& context, const RunsCommand& command) {
  ServiceClient client(command.service);
  const json run =
      watchRun(context, client, client.get("/api/v1/runs/" + std::to_string(command.id), context.cancel));
  if (context.shared.json)
    printJson(context.out, run);
  else
    context.out << runWords(run) << '\n';
  return exitCodeOf(run);
}

}  // namespace

void addRunsCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<RunsCommand>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "runs",
                  .summary = "List what the running service did and does",
                  .examples = "enamel runs --kind backup --limit 5\n"
                              "enamel runs show 12\nenamel runs watch 12\nenamel runs cancel 12"},
                 [&context, options] { return listRuns(context, *options); });
  addServiceOptions(*command, options->service);
  addOutputOptions(*command, context);
  command->add_option("--kind", options->kind, "Only of this kind, such as backup or drill")
      ->type_name("KIND");
  command->add_option("--run-state", options->state, "Only in this state, such as failed")
      ->type_name("STATE");
  command->add_option("--limit", options->limit, "At most so many, the newest first")
      ->type_name("N")
      ->check(CLI::Range(1, kRunsMax))
      ->capture_default_str();
  const auto one = [&](const char* name, const char* summary, int (*run)(Context&, const RunsCommand&)) {
    auto own = std::make_shared<RunsCommand>();
    CLI::App* below =
        newCommand(*command, context,
                   {.name = name, .summary = summary, .examples = std::string("enamel runs ") + name + " 12"},
                   [&context, own, run] { return run(context, *own); });
    below->add_option("RUN", own->id, "The run's number")->required()->check(CLI::PositiveNumber);
    addServiceOptions(*below, own->service);
    addOutputOptions(*below, context);
  };
  one("show", "Show one run and what it left", showRun);
  one("watch", "Show a run's progress until it ends", watchARun);
  one("cancel", "Stop a run", cancelRun);
}

}  // namespace enamel::cli
