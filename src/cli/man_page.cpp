#include "cli/man_page.h"

#include <algorithm>
#include <sstream>

#include "cli/help.h"

namespace enamel::cli {
namespace {

constexpr const char* kEnvironment =
    ".SH ENVIRONMENT\n"
    ".TP\n.B ENAMEL_REPOSITORY\nThe repository, where \\-r is not given; else RESTIC_REPOSITORY or the file "
    "RESTIC_REPOSITORY_FILE.\n"
    ".TP\n.B ENAMEL_PASSWORD_FILE, ENAMEL_PASSWORD\nThe repository's password, where \\-\\-password\\-file "
    "is "
    "not given; else RESTIC_PASSWORD_FILE, RESTIC_PASSWORD or RESTIC_PASSWORD_COMMAND; else it is asked "
    "for.\n"
    ".TP\n.B ENAMEL_DATABASE_PASSWORD_FILE\nFile with the database user's password, where the URL holds "
    "none.\n"
    ".TP\n.B TMPDIR\nWhere temporary folders are made.\n";

constexpr const char* kExitStatus =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone, and complete.\n"
    ".TP\n.B 1\nFailed; what, why and what to do is on standard error.\n"
    ".TP\n.B 2\nThe command line was wrong.\n"
    ".TP\n.B 3\nIncomplete: something could not be read or restored; each such thing is named.\n"
    ".TP\n.B 10\nThere is no repository there.\n"
    ".TP\n.B 11\nThe repository is locked by another program.\n"
    ".TP\n.B 12\nWrong password.\n"
    ".TP\n.B 130\nStopped by a signal.\n";

// Text for roff: no line is taken for a request, no hyphen for a dash.
std::string escaped(const std::string& text) {
  std::string result;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) result += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string withFullStop(const std::string& text) {
  return text.empty() || text.back() == '.' ? text : text + ".";
}

// The example lines of a help footer: those indented by two spaces.
std::string examples(const std::string& footer) {
  std::istringstream lines(footer);
  std::string line, text;
  while (std::getline(lines, line)) {
    if (line.rfind("  ", 0) == 0) text += escaped(line.substr(2)) + "\n";
  }
  return text.empty() ? "" : ".PP\nExamples:\n.PP\n.RS 4\n.nf\n" + text + ".fi\n.RE\n";
}

std::string optionEntry(const OptionModel& option) {
  std::string head;
  for (const std::string& name : option.names) head += (head.empty() ? "" : ", ") + escaped(name);
  std::string text = ".TP\n.B " + head;
  if (!option.choices.empty() && !option.positional) {
    std::string choices;
    for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : "|") + choice;
    text += " " + escaped(choices);
  } else if (!option.value.empty()) {
    text += " \\fI" + escaped(option.value) + "\\fP";
  }
  text += "\n" + escaped(withFullStop(option.description));
  if (!option.default_text.empty()) text += " Default: " + escaped(option.default_text) + ".";
  return text + "\n";
}

bool isHelp(const OptionModel& option) {
  return std::find(option.names.begin(), option.names.end(), "--help") != option.names.end();
}

void addCommand(const CommandModel& command, const std::string& path, std::string& text) {
  if (command.commands.empty()) {
    text += ".SS " + escaped(path + " " + usageOf(command)) + "\n" + escaped(withFullStop(command.summary)) +
            "\n";
    for (const OptionModel& option : command.options) {
      if (!isHelp(option)) text += optionEntry(option);
    }
    text += examples(command.footer);
  }
  for (const CommandModel& child : command.commands) addCommand(child, path + " " + child.name, text);
}

}  // namespace

std::string manPage(const CommandModel& program, const std::string& version) {
  std::string text = ".TH ENAMEL 1 \"\" \"" + version +
                     "\" \"User Commands\"\n"
                     ".SH NAME\nenamel \\- back up a dental practice and prove that the backup restores\n"
                     ".SH SYNOPSIS\n.B enamel\n\\fICOMMAND\\fP [options]\n"
                     ".SH DESCRIPTION\n" +
                     escaped(program.summary) + "\n" + examples(program.footer) + ".SH COMMANDS\n";
  for (const CommandModel& command : program.commands) addCommand(command, "enamel " + command.name, text);
  return text + kEnvironment + kExitStatus + ".SH SEE ALSO\n.BR restic (1),\n.BR mariadb (1)\n";
}

}  // namespace enamel::cli
