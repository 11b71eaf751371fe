#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/key_cost.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/password.h"

namespace enamel::cli {
namespace {

int runInit(Context& context, bool cheap_key) {
  const std::unique_ptr<storage::Storage> storage = openStorage(context);
  const std::string password = newPassword(context, "New password for the repository");
  const Clock& clock = Clock::system();
  const KeyCost cost = keyCost(context, cheap_key);
  repository::Repository::create(*storage, password, cost.parameters, clock);
  warnOfCheapKey(context, cost);
  const auto repository = repository::Repository::open(*storage, password, clock);
  const std::string id = repository->config().id;
  if (context.shared.json) {
    printJson(context.out,
              {{"message_type", "initialized"}, {"id", id}, {"repository", storage->location()}});
  } else {
    context.out << "made repository " << id.substr(0, 10) << " at " << storage->location() << "\n";
    if (!context.shared.quiet)
      context.out << "Keep the password in a safe place outside this computer: without it no backup can be\n"
                     "opened, by anybody.\n";
  }
  return 0;
}

}  // namespace

void addInitCommand(CLI::App& app, Context& context) {
  auto cheap_key = std::make_shared<bool>(false);
  CLI::App* command =
      newCommand(app, context,
                 {.name = "init",
                  .summary = "Make a new repository, the place that keeps the backups",
                  .examples = "enamel init -r /backup/practice\n"
                              "enamel init -r /backup/practice --password-file /etc/enamel/password"},
                 [&context, cheap_key] { return runInit(context, *cheap_key); });
  addRepositoryOptions(*command, context);
  addOutputOptions(*command, context);
  addCheapKeyOption(*command, *cheap_key);
}

}  // namespace enamel::cli
