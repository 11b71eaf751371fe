#include "cli/password.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "cli/password_command.h"
#include "cli/testing/test_context.h"
#include "mariadb/url.h"

namespace enamel::cli {
namespace {

class Password : public testing::Test, protected TestContext {
 protected:
  std::string fileWith(const std::string& name, const std::string& content) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  TempDirectory folder_;
};

// Each source is used only while no better one is set.
TEST_F(Password, SourcesInTheirOrder) {
  context.ask_secret = [](const std::string&) { return "asked"; };
  EXPECT_EQ(repositoryPassword(context), "asked");
  variables["RESTIC_PASSWORD_COMMAND"] = "echo 'restic command'";
  EXPECT_EQ(repositoryPassword(context), "restic command");
  variables["RESTIC_PASSWORD"] = "restic variable";
  EXPECT_EQ(repositoryPassword(context), "restic variable");
  variables["RESTIC_PASSWORD_FILE"] = fileWith("a", "restic file\n");
  EXPECT_EQ(repositoryPassword(context), "restic file");
  variables["ENAMEL_PASSWORD"] = "enamel variable";
  EXPECT_EQ(repositoryPassword(context), "enamel variable");
  variables["ENAMEL_PASSWORD_FILE"] = fileWith("b", "enamel file\n");
  EXPECT_EQ(repositoryPassword(context), "enamel file");
  context.shared.password_file = fileWith("c", "option\n");
  EXPECT_EQ(repositoryPassword(context), "option");
}

TEST_F(Password, FilesAreReadAsResticReadsThem) {
  context.shared.password_file = fileWith("p", "\xEF\xBB\xBF  two words \r\n\n");
  EXPECT_EQ(repositoryPassword(context), "two words");
}

TEST_F(Password, NobodyToAskIsAUsageErrorThatSaysWhatToDo) {
  try {
    repositoryPassword(context);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(error.hint().find("ENAMEL_PASSWORD_FILE"), std::string::npos);
  }
}

TEST_F(Password, EmptyOrMissingPasswordsAreErrors) {
  context.shared.password_file = fileWith("p", "\n");
  EXPECT_EQ(errorCodeOf([&] { repositoryPassword(context); }), ErrorCode::kUsage);
  context.shared.password_file = (folder_.path() / "missing").string();
  EXPECT_EQ(errorCodeOf([&] { repositoryPassword(context); }), ErrorCode::kNotFound);
}

TEST_F(Password, NewOnesAreAskedTwice) {
  std::vector<std::string> answers = {"one", "two"};
  context.ask_secret = [&](const std::string&) {
    std::string answer = answers.back();
    answers.pop_back();
    return answer;
  };
  EXPECT_EQ(errorCodeOf([&] { newPassword(context, "New"); }), ErrorCode::kUsage);
  answers = {"same", "same"};
  EXPECT_EQ(newPassword(context, "New"), "same");
  EXPECT_TRUE(answers.empty());
}

// The password of the repository must not become the new one by accident.
TEST_F(Password, AdditionalOnesDoNotComeFromTheEnvironment) {
  variables["ENAMEL_PASSWORD"] = "old";
  EXPECT_EQ(errorCodeOf([&] { newPasswordFrom(context, "", "New"); }), ErrorCode::kUsage);
  EXPECT_EQ(newPasswordFrom(context, fileWith("n", "new\n"), "New"), "new");
}

TEST_F(Password, DatabasePasswordFromUrlOptionOrVariable) {
  const std::string bare = "mariadb://u@h/n";
  EXPECT_EQ(databaseAddress(context, bare, "").password, "");
  variables["ENAMEL_DATABASE_PASSWORD_FILE"] = fileWith("v", " variable \r\n");
  EXPECT_EQ(databaseAddress(context, bare, "").password, " variable ");
  EXPECT_EQ(databaseAddress(context, "mariadb://u:url@h/n", "").password, "url");
  EXPECT_EQ(databaseAddress(context, bare, fileWith("o", "option")).password, "option");
}

TEST(PasswordCommand, SplitsWordsAsAShellDoes) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(splitWords("  pass show  enamel "), (Words{"pass", "show", "enamel"}));
  EXPECT_EQ(splitWords(R"(a 'b c' "d \"e" f\ g '')"), (Words{"a", "b c", "d \"e", "f g", ""}));
  EXPECT_EQ(splitWords("$HOME *"), (Words{"$HOME", "*"}));
  EXPECT_EQ(errorCodeOf([] { splitWords("a 'b"); }), ErrorCode::kUsage);
}

TEST(PasswordCommand, FailuresAreErrors) {
  EXPECT_EQ(commandOutput({"printf", "x y"}), "x y");
  EXPECT_EQ(errorCodeOf([] { commandOutput({"false"}); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([] { commandOutput({"/no/such/program"}); }), ErrorCode::kNotFound);
  EXPECT_EQ(errorCodeOf([] { commandOutput({}); }), ErrorCode::kUsage);
}

}  // namespace
}  // namespace enamel::cli
