#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/app_model.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/man_page.h"
#include "jobs/version.h"

namespace enamel::cli {

void addManCommand(CLI::App& app, Context& context) {
  newCommand(app, context,
             {.name = "man",
              .summary = "Print the manual page",
              .examples = "enamel man | man -l -\n"
                          "enamel man > /usr/local/share/man/man1/enamel.1"},
             [&app, &context] {
               context.out << manPage(describeApp(app), std::string(jobs::programVersion()));
               return 0;
             });
}

}  // namespace enamel::cli
