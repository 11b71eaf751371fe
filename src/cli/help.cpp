#include "cli/help.h"

#include <algorithm>
#include <sstream>

namespace enamel::cli {
namespace {

constexpr std::size_t kColumns = 98;
constexpr std::size_t kTextColumn = 30;

std::string valueName(const OptionModel& option) {
  if (option.positional || option.isFlag()) return {};
  if (option.choices.empty()) return " " + option.value;
  std::string choices;
  for (const std::string& choice : option.choices) choices += (choices.empty() ? " " : "|") + choice;
  return choices;
}

std::string entry(const std::string& head, const std::string& text) {
  std::string line = "  " + head;
  if (line.size() + 2 > kTextColumn) {
    line += "\n" + std::string(kTextColumn, ' ');
  } else {
    line.resize(kTextColumn, ' ');
  }
  return line + wrapped(text, kTextColumn, kColumns) + "\n";
}

std::string optionEntry(const OptionModel& option) {
  std::string head;
  for (const std::string& name : option.names) head += (head.empty() ? "" : ", ") + name;
  std::string text = option.description;
  if (!option.default_text.empty()) text += " (default: " + option.default_text + ")";
  return entry(head + valueName(option), text);
}

std::string optionEntries(const CommandModel& command, bool positional) {
  std::string text;
  for (const OptionModel& option : command.options) {
    if (option.positional == positional) text += optionEntry(option);
  }
  return text;
}

}  // namespace

std::string wrapped(const std::string& text, std::size_t indent, std::size_t columns) {
  std::istringstream words(text);
  std::string result, word;
  std::size_t column = indent;
  while (words >> word) {
    if (column > indent && column + 1 + word.size() > columns) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

std::string usageOf(const CommandModel& command) {
  std::string text = command.commands.empty() ? "" : command.needs_command ? "COMMAND " : "[COMMAND] ";
  for (const OptionModel& option : command.options) {
    if (!option.positional) continue;
    text += option.required ? option.names.front() + " " : "[" + option.names.front() + "] ";
  }
  return text + "[options]";
}

std::string helpText(const CommandModel& command, const std::string& path) {
  std::string text =
      wrapped(command.summary, 0, kColumns) + "\n\nUsage: " + path + " " + usageOf(command) + "\n";
  const std::string arguments = optionEntries(command, true);
  if (!arguments.empty()) text += "\nArguments:\n" + arguments;
  if (!command.commands.empty()) text += "\nCommands:\n";
  for (const CommandModel& child : command.commands) text += entry(child.name, child.summary);
  text += "\nOptions:\n" + optionEntries(command, false);
  return text + command.footer;
}

}  // namespace enamel::cli
