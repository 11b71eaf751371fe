#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/context.h"

namespace CLI {
class App;
}

namespace enamel::cli {

// The program's whole command line. context must outlive it.
std::unique_ptr<CLI::App> makeApp(Context& context);

// Parses, runs, and turns every failure into its message and exit code: one command's whole life. arguments
// without the program's name.
int runCommandLine(const std::vector<std::string>& arguments, Context& context);

}  // namespace enamel::cli
