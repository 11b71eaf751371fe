#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/app_model.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/completion.h"

namespace enamel::cli {

void addCompletionCommand(CLI::App& app, Context& context) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = newCommand(app, context,
                                 {.name = "completion",
                                  .summary = "Print a script that completes enamel's words in a shell",
                                  .examples = "source <(enamel completion bash)\n"
                                              "enamel completion bash > /etc/bash_completion.d/enamel\n"
                                              "enamel completion fish | source"},
                                 [&app, &context, shell] {
                                   const CommandModel program = describeApp(app);
                                   context.out << (*shell == "zsh"    ? zshCompletion(program)
                                                   : *shell == "fish" ? fishCompletion(program)
                                                                      : bashCompletion(program));
                                   return 0;
                                 });
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->type_name("")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace enamel::cli
