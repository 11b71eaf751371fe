// What is written from the command line's definition: help, manual page, shell completion.
#include "cli/app_model.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <regex>
#include <sstream>

#include "cli/app.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/man_page.h"
#include "cli/testing/test_context.h"

namespace enamel::cli {
namespace {

CommandModel program() {
  TestContext test;
  return describeApp(*makeApp(test.context));
}

const CommandModel& find(const CommandModel& command, const std::string& name) {
  const auto found = std::find_if(command.commands.begin(), command.commands.end(),
                                  [&](const CommandModel& child) { return child.name == name; });
  if (found == command.commands.end()) throw std::runtime_error("no command " + name);
  return *found;
}

const OptionModel& option(const CommandModel& command, const std::string& name) {
  for (const OptionModel& option : command.options) {
    if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) return option;
  }
  throw std::runtime_error("no option " + name);
}

TEST(AppModel, DescribesOptions) {
  const CommandModel app = program();
  const CommandModel& backup = find(app, "backup");
  EXPECT_EQ(option(backup, "-r").names, (std::vector<std::string>{"-r", "--repo"}));
  EXPECT_TRUE(option(backup, "-r").takesFolder());
  EXPECT_EQ(option(backup, "--indexes").choices, (std::vector<std::string>{"rebuild", "keep"}));
  EXPECT_EQ(option(backup, "--indexes").default_text, "rebuild");
  EXPECT_EQ(option(backup, "--lock-wait").value, "SECONDS");
  EXPECT_EQ(option(backup, "--lock-wait").default_text, "2");
  EXPECT_EQ(option(backup, "--lock-attempts").default_text, "6");
  EXPECT_TRUE(option(backup, "--json").isFlag());
  EXPECT_TRUE(option(backup, "--tag").repeated);
  EXPECT_TRUE(option(find(app, "ls"), "SNAPSHOT").required);
  EXPECT_FALSE(option(find(app, "ls"), "PATH").required);
}

TEST(AppModel, HidesWhatHelpHides) {
  const CommandModel app = program();
  EXPECT_THROW(option(find(app, "init"), "--cheap-key"), std::runtime_error);
  EXPECT_EQ(manPage(app, "enamel 1").find("cheap"), std::string::npos);
}

// The issue fixes these names.
TEST(AppModel, HasTheFixedCommandLine) {
  const CommandModel app = program();
  const std::vector<std::pair<std::string, std::vector<std::string>>> fixed = {
      {"init", {"-r"}},
      {"backup",
       {"-r", "--database", "--data-folder", "--indexes", "--images", "--tag", "--json", "--limit-read",
        "--threads", "--lock-wait", "--lock-attempts", "--rows-only"}},
      {"snapshots", {"-r", "--json"}},
      {"ls", {"-r", "SNAPSHOT", "PATH", "--json"}},
      {"restore",
       {"-r", "SNAPSHOT", "--database-to", "--as", "--images-to", "--files-to", "--only", "--json"}},
      {"drill", {"-r", "SNAPSHOT", "--report", "--json"}},
      {"check", {"-r", "--read-data", "--json"}}};
  for (const auto& [name, options] : fixed) {
    for (const std::string& wanted : options)
      EXPECT_NO_THROW(option(find(app, name), wanted)) << name << wanted;
  }
}

TEST(Help, WrapsWords) {
  EXPECT_EQ(wrapped("aa bb cc", 2, 7), "aa bb\n  cc");
  EXPECT_EQ(wrapped("toolongword b", 2, 5), "toolongword\n  b");
  EXPECT_EQ(wrapped("", 2, 5), "");
}

TEST(Help, NoLineIsTooWide) {
  const CommandModel app = program();
  for (const CommandModel& command : app.commands) {
    std::istringstream lines(helpText(command, "enamel " + command.name));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110U) << line;
  }
}

TEST(ManPage, NamesEveryCommandAndOption) {
  const CommandModel app = program();
  const std::string page = manPage(app, "enamel 1");
  for (const CommandModel& command : app.commands) {
    const std::string name = std::regex_replace(command.name, std::regex("-"), "\\-");
    EXPECT_NE(page.find("enamel " + name), std::string::npos) << command.name;
  }
  EXPECT_NE(page.find("\\-\\-data\\-folder"), std::string::npos);
  EXPECT_NE(page.find(".SH EXIT STATUS"), std::string::npos);
}

TEST(Completion, EveryShellKnowsCommandsAndOptions) {
  const CommandModel app = program();
  for (const std::string& script : {bashCompletion(app), zshCompletion(app), fishCompletion(app)}) {
    EXPECT_NE(script.find("snapshots"), std::string::npos);
    EXPECT_NE(script.find("read-data"), std::string::npos);
    EXPECT_NE(script.find("rebuild keep"), std::string::npos);
    EXPECT_EQ(script.find("cheap-key"), std::string::npos);
  }
}

}  // namespace
}  // namespace enamel::cli
