#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/service_options.h"
#include "service/config.h"

namespace enamel::cli {
namespace {

int runCheck(Context& context, const std::string& file) {
  const service::Config config = service::loadConfig(file);
  const std::vector<std::string> missing = service::missingForBackup(config);
  if (context.shared.json) {
    printJson(context.out, {{"message_type", "config"}, {"file", file}, {"missing_for_backup", missing}});
    return 0;
  }
  context.out << printable(file) << " is right.\n";
  for (const std::string& key : missing)
    context.out << "Before a backup can be made, " << key << " must be set.\n";
  return 0;
}

int runExample(Context& context) {
  context.out << service::commentedConfig(service::Config());
  return 0;
}

}  // namespace

void addConfigCommand(CLI::App& app, Context& context) {
  CLI::App* const group = newCommandGroup(app, "config", "The configuration of `enamel serve`");
  auto file = std::make_shared<std::string>(kDefaultConfigFile);
  CLI::App* check = newCommand(*group, context,
                               {.name = "check",
                                .summary = "Say what is wrong with a configuration, and where",
                                .examples = "enamel config check\nenamel config check ./enamel.toml"},
                               [&context, file] { return runCheck(context, *file); });
  check->add_option("FILE", *file, "The configuration")->type_name("")->capture_default_str();
  addOutputOptions(*check, context);
  newCommand(*group, context,
             {.name = "example",
              .summary = "Print a configuration with a comment on every key",
              .examples = "enamel config example > enamel.toml"},
             [&context] { return runExample(context); });
}

}  // namespace enamel::cli
