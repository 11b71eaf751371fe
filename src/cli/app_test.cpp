// The command line's edges: parsing, help, usage errors, and how each failure leaves the process. What the
// commands do is tested end to end in tests/cli.
#include "cli/app.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "cli/testing/test_context.h"

namespace enamel::cli {
namespace {

class CommandLine : public testing::Test, protected TestContext {
 protected:
  static void writeFile(const std::filesystem::path& path) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "content";
  }
  int run(const std::vector<std::string>& arguments) { return runCommandLine(arguments, context); }
};

TEST_F(CommandLine, VersionAndHelpEndWell) {
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_EQ(out.str().rfind("enamel ", 0), 0U);
  out.str("");
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_NE(out.str().find("Usage: enamel COMMAND [options]"), std::string::npos);
  EXPECT_EQ(err.str(), "");
}

TEST_F(CommandLine, EveryCommandHasHelpWithExamples) {
  for (const char* command : {"init", "backup", "snapshots", "ls", "restore", "drill", "check", "unlock"}) {
    out.str("");
    EXPECT_EQ(run({command, "--help"}), 0) << command;
    EXPECT_NE(out.str().find("Examples:\n  enamel " + std::string(command)), std::string::npos) << command;
    EXPECT_NE(out.str().find("--json"), std::string::npos) << command;
  }
}

TEST_F(CommandLine, UsageErrorsAreTwoLinesAndExitCode2) {
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"bogus"},
                                                       {"key", "bogus"},
                                                       {"ls"},
                                                       {"ls", "a", "b", "c"},
                                                       {"backup", "--bogus"},
                                                       {"backup", "--threads", "0"},
                                                       {"backup", "--indexes", "maybe"},
                                                       {"backup", "--lock-wait", "-1"},
                                                       {"backup", "--lock-wait", "0"},
                                                       {"backup", "--lock-wait", "61"},
                                                       {"backup", "--lock-wait", "nan"},
                                                       {"backup", "--lock-wait", "2s"},
                                                       {"backup", "--lock-attempts", "0"},
                                                       {"backup", "--lock-attempts", "-1"},
                                                       {"backup", "--lock-attempts", "101"},
                                                       {"backup", "--lock-attempts", "many"},
                                                       {"backup", "--rows-only"},
                                                       {"restore"},
                                                       {"backup", "--limit-read", "x"}};
  for (const auto& arguments : wrong) {
    err.str("");
    EXPECT_EQ(run(arguments), 2);
    EXPECT_EQ(err.str().rfind("enamel: ", 0), 0U) << err.str();
    EXPECT_NE(err.str().find("\n  hint: `enamel"), std::string::npos) << err.str();
  }
  EXPECT_EQ(out.str(), "");
}

TEST_F(CommandLine, LimitsOfTheLockAreSaid) {
  EXPECT_EQ(run({"backup", "--lock-wait", "-1"}), 2);
  EXPECT_NE(err.str().find("--lock-wait: \"-1\" is not a number of seconds from 0.01 to 60"),
            std::string::npos)
      << err.str();
  err.str("");
  EXPECT_EQ(run({"backup", "--lock-attempts", "0"}), 2);
  EXPECT_NE(err.str().find("--lock-attempts: Value 0 not in range 1 to 100"), std::string::npos) << err.str();
}

TEST_F(CommandLine, RowsOnlyLeavesNoRoomForTableFiles) {
  const std::vector<std::string> rows{"backup",          "-r",         "/nonexistent", "--database",
                                      "mariadb://u@h/n", "--rows-only"};
  for (const auto& more : {std::pair("--data-folder", "/nonexistent"), std::pair("--indexes", "keep")}) {
    err.str("");
    std::vector<std::string> arguments = rows;
    arguments.insert(arguments.end(), {more.first, more.second});
    variables = {{"ENAMEL_PASSWORD", "x"}};
    EXPECT_EQ(run(arguments), 2);
    EXPECT_NE(err.str().find("--rows-only"), std::string::npos) << err.str();
    EXPECT_NE(err.str().find(more.first), std::string::npos) << err.str();
  }
}

TEST_F(CommandLine, UsageErrorsAreJsonWhereJsonWasAsked) {
  EXPECT_EQ(run({"backup", "--bogus", "--json"}), 2);
  EXPECT_EQ(nlohmann::json::parse(err.str())["error"], "usage");
}

TEST_F(CommandLine, MisplacedUrlDoesNotShowItsPassword) {
  EXPECT_EQ(run({"backup", "mariadb://u:secret@h/n"}), 2);
  EXPECT_EQ(err.str().find("secret"), std::string::npos);
}

TEST_F(CommandLine, MissingRepositoryAndPassword) {
  EXPECT_EQ(run({"snapshots"}), 2);
  EXPECT_NE(err.str().find("ENAMEL_REPOSITORY"), std::string::npos);
  err.str("");
  EXPECT_EQ(run({"snapshots", "-r", "/nonexistent"}), 2);
  EXPECT_NE(err.str().find("ENAMEL_PASSWORD"), std::string::npos);
}

TEST_F(CommandLine, RepositoryFromTheFirstPlaceThatNamesIt) {
  variables = {{"ENAMEL_PASSWORD", "x"}, {"RESTIC_REPOSITORY", "/nonexistent/restic"}};
  EXPECT_EQ(run({"snapshots"}), 10);
  EXPECT_NE(err.str().find("/nonexistent/restic"), std::string::npos);
  variables["ENAMEL_REPOSITORY"] = "/nonexistent/enamel";
  EXPECT_EQ(run({"snapshots"}), 10);
  EXPECT_NE(err.str().find("/nonexistent/enamel"), std::string::npos);
  EXPECT_EQ(run({"snapshots", "--repo", "/nonexistent/option"}), 10);
  EXPECT_NE(err.str().find("/nonexistent/option"), std::string::npos);
}

TEST_F(CommandLine, RemoteRepositoriesAreSaidToBeUnsupported) {
  variables["ENAMEL_PASSWORD"] = "x";
  EXPECT_EQ(run({"snapshots", "-r", "rest:https://user:secret@host/"}), 1);
  EXPECT_NE(err.str().find("folder"), std::string::npos);
  EXPECT_EQ(err.str().find("secret"), std::string::npos);
}

TEST_F(CommandLine, InitOpenAndWrongPassword) {
  const TempDirectory folder;
  const std::string repository = (folder.path() / "repository").string();
  variables = {{"ENAMEL_PASSWORD", "right"}, {"ENAMEL_TEST_CHEAP_KDF", "1"}};
  EXPECT_EQ(run({"init", "-r", repository}), 0);
  EXPECT_NE(err.str().find("NEVER"), std::string::npos);  // the cheap key is said aloud
  EXPECT_EQ(run({"init", "-r", repository}), 1);
  out.str("");
  EXPECT_EQ(run({"snapshots", "-r", repository, "--json"}), 0);
  EXPECT_EQ(out.str(), "[]\n");
  variables["ENAMEL_PASSWORD"] = "wrong";
  EXPECT_EQ(run({"snapshots", "-r", repository}), 12);
}

// The variable may be left over from a test where a real repository is made.
TEST_F(CommandLine, ACheapKeyIsSaidAloudInEveryOutputModeOnceItIsMade) {
  const TempDirectory folder;
  const std::string password = (folder.path() / "password").string();
  std::ofstream(password) << "another";
  variables = {{"ENAMEL_PASSWORD", "right"}, {"ENAMEL_TEST_CHEAP_KDF", "1"}};
  int number = 0;
  for (const std::vector<std::string>& mode :
       {std::vector<std::string>{}, {"--json"}, {"--quiet"}, {"--json", "--quiet"}}) {
    const std::string repository = (folder.path() / std::to_string(number++)).string();
    for (std::vector<std::string> arguments :
         {std::vector<std::string>{"init"}, {"key", "add", "--new-password-file", password}}) {
      arguments.insert(arguments.end(), {"-r", repository});
      arguments.insert(arguments.end(), mode.begin(), mode.end());
      err.str("");
      ASSERT_EQ(run(arguments), 0) << err.str();
      EXPECT_NE(err.str().find("NEVER"), std::string::npos) << arguments[0];
      if (!mode.empty() && mode[0] == "--json") {
        EXPECT_EQ(nlohmann::json::parse(err.str())["message_type"], "warning");
      }
    }
    err.str("");
    EXPECT_NE(run({"init", "-r", repository}), 0);
    EXPECT_EQ(err.str().find("NEVER"), std::string::npos) << "no key was made";
  }
}

TEST_F(CommandLine, AStopWithoutASignalIsALostLock) {
  const TempDirectory folder;
  const std::string repository = (folder.path() / "repository").string();
  variables = {{"ENAMEL_PASSWORD", "x"}, {"ENAMEL_TEST_CHEAP_KDF", "1"}};
  ASSERT_EQ(run({"init", "-r", repository}), 0);
  writeFile(folder.path() / "images" / "x.jpg");
  cancel.cancel();
  // No signal came: the only other who cancels is a lock that was lost.
  EXPECT_EQ(run({"backup", "-r", repository, "--images", (folder.path() / "images").string()}), 11);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "repository" / "locks"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "repository" / "snapshots"));
}

TEST_F(CommandLine, OutputThatCannotBeWrittenIsAnError) {
  out.setstate(std::ios::failbit);
  EXPECT_EQ(run({"man"}), 1);
  EXPECT_NE(err.str().find("standard output"), std::string::npos);
}

}  // namespace
}  // namespace enamel::cli
