#pragma once

#include <functional>
#include <string>

#include "cli/context.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace enamel::cli {

// The words of one command. Help, man page and shell completion are all made from them.
struct CommandText {
  std::string name;      // "backup"
  std::string summary;   // one line, no full stop: "Back up the database and the image folder"
  std::string examples;  // one command a line, without indent
};

// Adds a command below parent (the program, or a command such as `sample`). When the command line names it,
// run is kept in context.action and called after parsing; it returns the process's exit code or throws Error.
// Every command's file has one function `void addXCommand(CLI::App&, Context&)` that calls this, adds its
// options with CLI11 bound to a struct held by a shared_ptr that run captures:
//
//   auto options = std::make_shared<LsOptions>();
//   CLI::App* command = newCommand(app, context, {...}, [&context, options] { return runLs(context,
//   *options); }); command->add_option("SNAPSHOT", options->snapshot, "...")->required();
CLI::App* newCommand(CLI::App& parent, Context& context, const CommandText& text, std::function<int()> run);

// A command that only holds others (`sample`): one of them must be named.
CLI::App* newCommandGroup(CLI::App& parent, const std::string& name, const std::string& summary);

// -r/--repo, --password-file.
void addRepositoryOptions(CLI::App& command, Context& context);
// --json, -q/--quiet.
void addOutputOptions(CLI::App& command, Context& context);

}  // namespace enamel::cli
