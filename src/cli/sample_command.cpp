#include "cli/sample_command.h"

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace enamel::cli {

void addSampleCommand(CLI::App& app, Context&) {
  newCommandGroup(app, "sample", "Make and run a sample practice with invented patients");
}

}  // namespace enamel::cli
