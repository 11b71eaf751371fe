#include "cli/redact.h"

#include <gtest/gtest.h>

#include <array>

namespace enamel::cli {
namespace {

TEST(RedactUrls, TakesThePasswordOut) {
  EXPECT_EQ(redactUrls("mariadb://u:secret@h:3306/n"), "mariadb://u:***@h:3306/n");
  EXPECT_EQ(redactUrls("not expected: mysql://u:s3@h/n, sorry"), "not expected: mysql://u:***@h/n, sorry");
  EXPECT_EQ(redactUrls("mariadb://u:a@b:c@h/n"), "mariadb://u:***@h/n");
}

TEST(RedactUrls, LeavesOtherTextAlone) {
  for (const char* text : {"", " ", "mariadb://u@h:3306/n", "a:b@c", "x  y\nz", "http://h:80/"})
    EXPECT_EQ(redactUrls(text), text);
}

TEST(ScrubArguments, OverwritesPasswordsInPlace) {
  std::string program = "enamel", plain = "--images=/a:b@c";
  std::string joined = "--database=mariadb://u:pa ss@h/n", alone = "mariadb://u:x@h/n";
  std::array<char*, 4> argv = {program.data(), plain.data(), joined.data(), alone.data()};
  scrubArguments(static_cast<int>(argv.size()), argv.data());
  EXPECT_EQ(program, "enamel");
  EXPECT_EQ(plain, "--images=/a:b@c");
  EXPECT_EQ(joined, "--database=mariadb://u:*****@h/n");
  EXPECT_EQ(alone, "mariadb://u:*@h/n");
}

}  // namespace
}  // namespace enamel::cli
