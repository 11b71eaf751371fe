#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/run_words.h"
#include "cli/service_client.h"

namespace enamel::cli {
namespace {

using nlohmann::json;

// As monitoring programs want it: 0 is good, and what is not is told apart.
constexpr int kExitWarning = 3;
constexpr int kExitUnsafe = 1;

const char* verdictOf(const std::string& code) {
  if (code == "safe") return "The practice is safe: its newest backup is complete, in time and proven.";
  if (code == "no_backup") return "NOT SAFE: there is no complete backup yet.";
  if (code == "damaged") return "NOT SAFE: the last check found damage in the repository.";
  if (code == "overdue") return "NOT SAFE: the newest complete backup is older than the schedule allows.";
  if (code == "last_failed") return "Look at this: the last backup failed.";
  if (code == "last_incomplete") return "Look at this: the last backup is incomplete.";
  if (code == "drill_failed") return "Look at this: the last practice run found something wrong.";
  if (code == "never_drilled") return "Look at this: no backup was ever proven by a practice run.";
  if (code == "drill_overdue")
    return "Look at this: the last practice run is older than the schedule allows.";
  return "The service says something that this version of the command does not know.";
}

void printRun(std::ostream& out, const char* label, const json& run) {
  out << label;
  if (run.is_object())
    out << timeText(run.value("started", json())) << ", " << textOf(run, "state") << " (run "
        << run.value("id", 0) << ")\n";
  else
    out << "none\n";
}

int runStatus(Context& context, const ServiceAddress& address) {
  ServiceClient client(address);
  const json overview = client.get("/api/v1/overview?days=1", context.cancel);
  const json health = overview.value("health", json::object());
  const std::string state = textOf(health, "state");
  if (context.shared.json) {
    printJson(context.out, overview);
  } else {
    std::ostream& out = context.out;
    if (const std::string practice = textOf(overview, "practice"); !practice.empty()) out << practice << '\n';
    out << verdictOf(textOf(health, "code")) << "\n\n";
    out << "safe as of      " << timeText(health.value("safe_as_of", json())) << '\n';
    out << "proven          " << timeText(health.value("proven_at", json())) << '\n';
    printRun(out, "last backup     ", overview.value("last_backup", json()));
    printRun(out, "last drill      ", overview.value("last_drill", json()));
    out << "next backup     " << timeText(overview.value("next_backup", json())) << '\n';
    out << "next drill      " << timeText(overview.value("next_drill", json())) << '\n';
    for (const json& run : overview.value("active", json::array()))
      out << "at work         " << runWords(run) << '\n';
  }
  if (state == "safe") return 0;
  return state == "warning" ? kExitWarning : kExitUnsafe;
}

}  // namespace

void addStatusCommand(CLI::App& app, Context& context) {
  auto address = std::make_shared<ServiceAddress>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "status",
                  .summary = "Say whether the practice is safe, as the running service sees it (exit code 0: "
                             "yes, 3: look at it, 1: no)",
                  .examples = "enamel status\nenamel status --json"},
                 [&context, address] { return runStatus(context, *address); });
  addServiceOptions(*command, *address);
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
