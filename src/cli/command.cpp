#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <utility>

namespace enamel::cli {
namespace {

std::string indentLines(const std::string& text) {
  std::istringstream lines(text);
  std::string indented, line;
  while (std::getline(lines, line)) indented += "  " + line + "\n";
  return indented;
}

}  // namespace

CLI::App* newCommand(CLI::App& parent, Context& context, const CommandText& text, std::function<int()> run) {
  CLI::App* command = parent.add_subcommand(text.name, text.summary);
  command->footer(text.examples.empty() ? std::string() : "\nExamples:\n" + indentLines(text.examples));
  // Not run from inside the parser: an Error thrown there would pass through CLI11's own error handling.
  // CLI11 calls this for a command's own commands first, and then for it.
  command->callback([&context, command, run = std::move(run)] {
    if (command->get_subcommands().empty()) context.action = run;
  });
  return command;
}

CLI::App* newCommandGroup(CLI::App& parent, const std::string& name, const std::string& summary) {
  CLI::App* group = parent.add_subcommand(name, summary);
  group->footer(std::string());  // else the parent's
  group->require_subcommand(1);
  return group;
}

void addRepositoryOptions(CLI::App& command, Context& context) {
  command
      .add_option("-r,--repo", context.shared.repository,
                  "Folder of the repository, where the backups are kept (or set ENAMEL_REPOSITORY)")
      ->type_name("REPO");
  command
      .add_option("--password-file", context.shared.password_file,
                  "File that holds the repository's password (or set ENAMEL_PASSWORD_FILE)")
      ->type_name("FILE");
}

void addOutputOptions(CLI::App& command, Context& context) {
  command.add_flag("--json", context.shared.json, "One JSON object a line, for programs");
  command.add_flag("-q,--quiet", context.shared.quiet, "No status line, results and errors only");
}

}  // namespace enamel::cli
