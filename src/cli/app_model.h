#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace enamel::cli {

// The command line's definition as plain values: what man page and shell completions are written from.
struct OptionModel {
  std::vector<std::string> names;    // "-r", "--repo"; of a positional one, its name
  std::string value;                 // "DIR", "URL"; empty for flags
  std::vector<std::string> choices;  // the values it takes, where they are few
  std::string description;
  std::string default_text;
  bool positional = false, required = false, repeated = false;

  bool isFlag() const { return !positional && value.empty(); }
  bool takesFile() const { return value == "FILE"; }
  bool takesFolder() const { return value == "DIR" || value == "REPO"; }
};

struct CommandModel {
  std::string name;     // "backup"
  std::string summary;  // one line
  std::string footer;   // examples as in the help
  std::vector<OptionModel> options;
  std::vector<CommandModel> commands;
  bool needs_command = false;  // one of them must be named
};

// Without what help does not show.
CommandModel describeApp(const CLI::App& app);

}  // namespace enamel::cli
