#include "cli/completion.h"

namespace enamel::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string optionLine(const OptionModel& option, const std::string& condition) {
  std::string line = "complete -c enamel -n " + quoted(condition);
  for (const std::string& name : option.names)
    line += name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.isFlag()) line += option.takesFile() || option.takesFolder() ? " -r -F" : " -x";
  if (!option.choices.empty()) {
    std::string choices;
    for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : " ") + choice;
    line += " -a " + quoted(choices);
  }
  return line + " -d " + quoted(option.description) + "\n";
}

// condition: where the command's own words may stand; inside: once it was named.
void add(const CommandModel& command, const std::string& inside, std::string& text) {
  std::string names;
  for (const CommandModel& child : command.commands) names += " " + child.name;
  const std::string before_child =
      inside + (names.empty() ? "" : "; and not __fish_seen_subcommand_from" + names);
  for (const OptionModel& option : command.options) {
    if (!option.positional) {
      text += optionLine(option, before_child);
      continue;
    }
    std::string choices = option.names.front() == "SNAPSHOT" ? "latest" : "";
    for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : " ") + choice;
    if (!choices.empty()) text += "complete -c enamel -n " + quoted(inside) + " -a " + quoted(choices) + "\n";
  }
  for (const CommandModel& child : command.commands) {
    text += "complete -c enamel -n " + quoted(before_child) + " -a " + child.name + " -d " +
            quoted(child.summary) + "\n";
    add(child, inside + "; and __fish_seen_subcommand_from " + child.name, text);
  }
}

}  // namespace

std::string fishCompletion(const CommandModel& program) {
  std::string text =
      "# fish completion; load it with: enamel completion fish | source\n"
      "complete -c enamel -f\n";
  add(program, "true", text);
  return text;
}

}  // namespace enamel::cli
