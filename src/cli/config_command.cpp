#include <CLI/CLI.hpp>
#include <filesystem>
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

// What is no mistake in the file, but will not work on this computer as it is now.
std::vector<std::string> warningsOf(const service::Config& config) {
  std::vector<std::string> warnings;
  const std::pair<const char*, const std::string&> folders[] = {
      {"images.path", config.images.path},
      {"repository.path", config.repository.path},
      {"drills.scratch_folder", config.drills.scratch_folder},
      {"restore.folder", config.restore.folder},
      {"database.data_folder", config.database.data_folder}};
  std::error_code error;
  for (const auto& [key, path] : folders)
    if (!path.empty() && !std::filesystem::is_directory(path, error))
      warnings.push_back(std::string(key) + ": there is no folder " + path);
  return warnings;
}

int runCheck(Context& context, const std::string& file) {
  const service::Config config = service::loadConfig(file);
  const std::vector<std::string> missing = service::missingForBackup(config);
  const std::vector<std::string> warnings = warningsOf(config);
  if (context.shared.json) {
    printJson(context.out, {{"message_type", "config"},
                            {"file", file},
                            {"missing_for_backup", missing},
                            {"warnings", warnings}});
    return 0;
  }
  printWarnings(context, warnings);
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
