#include "cli/output.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/testing/test_context.h"

namespace enamel::cli {
namespace {

TEST(PrintError, ForPeopleWithAHint) {
  TestContext test;
  EXPECT_EQ(printError(test.context, Error(ErrorCode::kWrongPassword, "wrong\x1b[1m", "try again")), 12);
  EXPECT_EQ(test.err.str(), "enamel: wrong\\x1b[1m\n  hint: try again\n");
  EXPECT_EQ(test.out.str(), "");
}

TEST(PrintError, AsOneJsonLine) {
  TestContext test;
  test.context.shared.json = true;
  EXPECT_EQ(printError(test.context, Error(ErrorCode::kNoRepository, "nothing\nthere \xFF")), 10);
  const std::string text = test.err.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto object = nlohmann::json::parse(text);
  EXPECT_EQ(object["message_type"], "exit_error");
  EXPECT_EQ(object["code"], 10);
  EXPECT_EQ(object["error"], "no_repository");
  EXPECT_EQ(object["message"], "nothing\nthere \xEF\xBF\xBD");
  EXPECT_FALSE(object.contains("hint"));
}

TEST(PrintError, ShowsNoPasswordOfAUrl) {
  TestContext test;
  printError(test.context, Error(ErrorCode::kUsage, "cannot use mariadb://u:secret@h/n"));
  EXPECT_EQ(test.err.str().find("secret"), std::string::npos);
}

// restic's numbers: scripts written for it go on working.
TEST(ExitCodes, AreRestics) {
  EXPECT_EQ(exitCode(ErrorCode::kUsage), 2);
  EXPECT_EQ(exitCode(ErrorCode::kIncomplete), 3);
  EXPECT_EQ(exitCode(ErrorCode::kNoRepository), 10);
  EXPECT_EQ(exitCode(ErrorCode::kRepositoryLocked), 11);
  EXPECT_EQ(exitCode(ErrorCode::kWrongPassword), 12);
  EXPECT_EQ(exitCode(ErrorCode::kCancelled), 130);
  EXPECT_EQ(exitCode(ErrorCode::kIo), 1);
}

TEST(PrintProblems, NamesEachThing) {
  TestContext test;
  printProblems(test.context, {{"/images/a\nb", "permission denied"}}, "archival");
  EXPECT_EQ(test.err.str(), "error: /images/a\\nb: permission denied\n");
  test.err.str("");
  test.context.shared.json = true;
  printProblems(test.context, {{"/images/a", "permission denied"}}, "archival");
  const auto object = nlohmann::json::parse(test.err.str());
  EXPECT_EQ(object["message_type"], "error");
  EXPECT_EQ(object["item"], "/images/a");
  EXPECT_EQ(object["during"], "archival");
  EXPECT_EQ(object["error"]["message"], "permission denied");
}

}  // namespace
}  // namespace enamel::cli
