#include "cli/completion.h"

namespace enamel::cli {
namespace {

// A description inside single quotes in an _arguments specification.
std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result;
}

std::string action(const OptionModel& option) {
  if (!option.choices.empty()) {
    std::string choices;
    for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : " ") + choice;
    return "(" + choices + ")";
  }
  if (option.takesFolder()) return "_files -/";
  if (option.takesFile()) return "_files";
  return option.positional && option.names.front() == "SNAPSHOT" ? "(latest)" : " ";
}

std::string argumentSpec(const OptionModel& option) {
  if (option.positional)
    return std::string(" \\\n    ':") + (option.required ? "" : ":") + option.names.front() + ":" +
           action(option) + "'";
  std::string text;
  for (const std::string& name : option.names) {
    text += " \\\n    '" + std::string(option.repeated ? "*" : "") + name + "[" + quoted(option.description) +
            "]";
    if (!option.isFlag()) text += ":" + option.value + ":" + action(option);
    text += "'";
  }
  return text;
}

std::string function(const CommandModel& command, const std::string& name) {
  std::string text = name + "() {\n";
  std::string specs;
  for (const OptionModel& option : command.options) specs += argumentSpec(option);
  if (command.commands.empty()) return text + "  _arguments -s" + specs + "\n}\n";
  text += "  local -a commands=(\n";
  for (const CommandModel& child : command.commands)
    text += "    '" + child.name + ":" + quoted(child.summary) + "'\n";
  text += "  )\n  local line state\n  _arguments -s -C" + specs +
          " \\\n    '1: :->command' '*:: :->rest'\n"
          "  case $state in\n"
          "    command) _describe command commands ;;\n"
          "    rest) (( $+functions[" +
          name + "_$line[1]] )) && " + name + "_$line[1] ;;\n  esac\n}\n";
  for (const CommandModel& child : command.commands) text += function(child, name + "_" + child.name);
  return text;
}

}  // namespace

std::string zshCompletion(const CommandModel& program) {
  return "#compdef " + program.name + "\n# zsh completion; load it with: source <(" + program.name +
         " completion zsh)\n" + function(program, "_" + program.name) + "compdef _" + program.name + " " +
         program.name + "\n";
}

}  // namespace enamel::cli
