#include "cli/service_options.h"

#include <CLI/CLI.hpp>

namespace enamel::cli {

void addConfigOption(CLI::App& command, std::string& file) {
  command
      .add_option("--config", file,
                  "The practice's configuration; `enamel config example` prints one to begin with")
      ->type_name("FILE")
      ->capture_default_str();
}

void addStateOption(CLI::App& command, std::string& folder) {
  command.add_option("--state", folder, "The folder in which the service keeps what it must remember")
      ->type_name("DIR")
      ->capture_default_str();
}

}  // namespace enamel::cli
