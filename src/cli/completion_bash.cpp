#include "cli/completion.h"

namespace enamel::cli {
namespace {

// What may follow a value-taking option: `case "$previous"` arms.
std::string valueArm(const OptionModel& option) {
  std::string arm;
  for (const std::string& name : option.names) arm += (arm.empty() ? "        " : "|") + name;
  arm += ") ";
  if (!option.choices.empty()) {
    arm += "words=\"";
    for (const std::string& choice : option.choices) arm += choice + " ";
    arm.back() = '"';
  } else if (option.takesFolder()) {
    arm += "files=-d";
  } else if (option.takesFile()) {
    arm += "files=-f";
  } else {
    arm += "return";
  }
  return arm + " ;;\n";
}

std::string commandArm(const CommandModel& command, const std::string& path) {
  std::string words, arms;
  for (const CommandModel& child : command.commands) words += child.name + " ";
  bool takes_snapshot = false;
  for (const OptionModel& option : command.options) {
    if (option.positional) {
      takes_snapshot = takes_snapshot || option.names.front() == "SNAPSHOT";
      for (const std::string& choice : option.choices) words += choice + " ";
      continue;
    }
    for (const std::string& name : option.names) words += name + " ";
    if (!option.isFlag()) arms += valueArm(option);
  }
  if (takes_snapshot) words += "latest ";
  if (!words.empty()) words.pop_back();
  std::string text = "    \"" + path + "\")\n      words=\"" + words + "\"\n";
  if (!arms.empty()) text += "      case \"$previous\" in\n" + arms + "      esac\n";
  text += "      ;;\n";
  for (const CommandModel& child : command.commands) text += commandArm(child, path + " " + child.name);
  return text;
}

// `case "$path $word"` patterns of words that lead one command deeper.
std::string stepPatterns(const CommandModel& program) {
  std::string patterns;
  for (const CommandModel& command : program.commands) {
    const std::string path = program.name + " " + command.name;
    patterns += (patterns.empty() ? "\"" : "|\"") + path + "\"";
    for (const CommandModel& child : command.commands) patterns += "|\"" + path + " " + child.name + "\"";
  }
  return patterns;
}

}  // namespace

std::string bashCompletion(const CommandModel& program) {
  const std::string& name = program.name;
  return "# bash completion for " + name + "; load it with: source <(" + name + " completion bash)\n_" +
         name +
         "() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local path=" +
         name +
         " words= files= i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$path ${COMP_WORDS[i]}\" in\n"
         "      " +
         stepPatterns(program) +
         ") path=\"$path ${COMP_WORDS[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         commandArm(program, name) +
         "  esac\n"
         "  if [[ -n $files ]]; then\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    mapfile -t COMPREPLY < <(compgen $files -- \"$current\")\n"
         "  else\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "  fi\n"
         "}\n"
         "complete -F _" +
         name + " " + name + "\n";
}

}  // namespace enamel::cli
