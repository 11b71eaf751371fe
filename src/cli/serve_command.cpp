#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/service_options.h"
#include "service/service.h"

namespace enamel::cli {
namespace {

// How soon a signal is answered.
constexpr std::chrono::milliseconds kLookEvery{100};

struct ServeCommand {
  std::string config = kDefaultConfigFile;
  std::string state = kDefaultStateFolder;
  std::string web;
};

// Where an installation and the build tree have the page: beside the program's folder. Empty if it is not
// there.
std::string installedPage() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto folder = program.parent_path().parent_path() / "share" / "enamel" / "web";
  return std::filesystem::exists(folder / "index.html", error) ? folder.string() : std::string();
}

int runServe(Context& context, const ServeCommand& command) {
  std::mutex mutex;
  const auto log = [&](std::string_view text) {
    const std::lock_guard lock(mutex);
    if (context.shared.json) {
      printJson(context.err, {{"message_type", "log"}, {"message", std::string(text)}});
    } else if (!context.shared.quiet) {
      context.err << printable(text) << '\n';
      context.err.flush();
    }
  };
  std::error_code error;
  const bool is_configured = std::filesystem::exists(command.config, error) || error;
  service::Service service({.config = is_configured ? service::loadConfig(command.config) : service::Config(),
                            .config_file = command.config,
                            .state = command.state,
                            .web = command.web.empty() ? installedPage() : command.web,
                            .log = log,
                            .cheap_keys = context.environment("ENAMEL_TEST_CHEAP_KDF").value_or("") == "1"});
  service.start();
  {
    const std::string code = service.setupCode();
    const std::lock_guard lock(mutex);
    if (context.shared.json) {
      nlohmann::ordered_json serving = {{"message_type", "serving"}, {"url", service.url()}};
      if (!code.empty()) serving["setup_code"] = code;
      printJson(context.out, serving);
    } else {
      if (!code.empty())
        context.out
            << "Enamel is not set up yet. Open the address below on this computer and enter this code,\n"
               "or end this and run: enamel setup\n\n    "
            << code << "\n\n";
      context.out << "Serving at " << service.url() << " (Ctrl-C ends it)\n";
      context.out.flush();
    }
  }
  while (!context.cancel.cancelled()) std::this_thread::sleep_for(kLookEvery);
  log("stopping");
  service.stop();
  return 0;
}

}  // namespace

void addServeCommand(CLI::App& app, Context& context) {
  auto options = std::make_shared<ServeCommand>();
  CLI::App* command =
      newCommand(app, context,
                 {.name = "serve",
                  .summary = "Make backups and drills on schedule, and serve the practice's page and API",
                  .examples = "enamel serve\n"
                              "enamel serve --config ./enamel.toml --state ./state"},
                 [&context, options] { return runServe(context, *options); });
  addConfigOption(*command, options->config);
  addStateOption(*command, options->state);
  command
      ->add_option(
          "--web", options->web,
          "The folder of the page's files (default: ../share/enamel/web beside the program's folder)")
      ->type_name("DIR");
  addOutputOptions(*command, context);
}

}  // namespace enamel::cli
