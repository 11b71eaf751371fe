#include "mariadb/rights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What a capture says to an account that may not see everything.
class RightsTest : public CaptureFixture {
 protected:
  // Captures as a new account with these rights.
  void signInAs(const std::string& name, const std::vector<std::string>& grants) {
    run({"CREATE OR REPLACE USER " + name + "@localhost IDENTIFIED BY 'x'",
         "GRANT RELOAD, PROCESS ON *.* TO " + name + "@localhost"});
    for (const std::string& grant : grants) run({"GRANT " + grant + " TO " + name + "@localhost"});
    user_ = name;
    password_ = "x";
  }
  void expectRefused() {
    const auto error = failure(options_);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), ErrorCode::kDatabaseDenied) << error->what();
    EXPECT_THAT(error->what(), HasSubstr("may not read all tables"));
    EXPECT_THAT(error->hint(), HasSubstr("GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `" + pattern_ +
                                         "`.* TO '" + user_ + "'@'localhost'"));
    run({error->hint().substr(error->hint().find("GRANT "))});
    EXPECT_THAT(capture().errors, IsEmpty()) << "what the hint says is enough";
  }
  std::string pattern_ = "practice";
};

TEST_F(RightsTest, anAccountThatMayReadSomeTablesOnlyIsRefused) {
  fill("patient", 3);
  fill("payment", 3);
  signInAs("some", {"SELECT ON practice.patient"});
  expectRefused();
}

TEST_F(RightsTest, anAccountThatMayReadSomeColumnsOnlyIsRefused) {
  fill("patient", 3);
  signInAs("columns", {"SELECT (id) ON practice.patient"});
  expectRefused();
}

TEST_F(RightsTest, anAccountWithoutAnyRightIsRefused) {
  fill("patient", 3);
  signInAs("none", {});
  expectRefused();
}

TEST_F(RightsTest, theHintNamesOddDatabasesExactly) {
  useDatabase("a_b%c`d");
  pattern_ = "a\\_b\\%c``d";
  fill("patient", 3);
  signInAs("odd", {});
  expectRefused();
}

TEST_F(RightsTest, theRightMayComeFromAnyGrant) {
  fill("patient", 3);
  run({"CREATE OR REPLACE ROLE reader", "CREATE OR REPLACE ROLE backs_up",
       "GRANT SELECT, TRIGGER, EVENT ON practice.* TO reader", "GRANT SELECT ON mysql.* TO reader",
       "GRANT reader TO backs_up"});
  signInAs("by_role", {"backs_up"});
  run({"SET DEFAULT ROLE backs_up FOR by_role@localhost"});
  EXPECT_THAT(capture().warnings, IsEmpty());
  signInAs("by_pattern", {"SELECT, TRIGGER, EVENT ON `prac%`.*", "SELECT ON mysql.*"});
  EXPECT_THAT(capture().warnings, IsEmpty());
  signInAs("by_all", {"SELECT, TRIGGER, EVENT ON *.*"});
  EXPECT_THAT(capture().warnings, IsEmpty());
  signInAs("owner", {"ALL PRIVILEGES ON practice.*", "SELECT ON mysql.*"});
  EXPECT_THAT(capture().warnings, IsEmpty());
}

TEST_F(RightsTest, whatTheServerDoesNotEvenShowIsWarnedOfWithTheGrant) {
  fill("patient", 3);
  run({"CREATE TRIGGER mark BEFORE INSERT ON patient FOR EACH ROW SET NEW.name = 'x'",
       "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DO DELETE FROM patient WHERE id < 0",
       "CREATE PROCEDURE tidy_up() SELECT 1"});
  signInAs("plain", {"SELECT ON practice.*", "TRIGGER, EVENT ON `other%`.*"});
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  for (const char* right : {"TRIGGER ON `practice`.*", "EVENT ON `practice`.*", "SELECT ON mysql.proc"})
    EXPECT_THAT(result.warnings,
                Contains(HasSubstr("GRANT " + std::string(right) + " TO 'plain'@'localhost'")));
  EXPECT_EQ(result.manifest.warnings, result.warnings);
  for (const std::string& warning : result.warnings)
    if (const auto at = warning.find("GRANT "); at != std::string::npos)
      run({warning.substr(at, warning.rfind(')') - at)});
  const CaptureResult again = capture();
  EXPECT_THAT(again.warnings, Each(Not(HasSubstr("GRANT"))));
  EXPECT_EQ(again.manifest.triggers, 1U);
  EXPECT_EQ(again.manifest.events, 1U);
  EXPECT_EQ(again.manifest.routines, 1U);
}

TEST_F(RightsTest, aViewWhoseDefinitionMayNotBeSeenIsMissingWithTheGrant) {
  fill("patient", 3);
  run({"CREATE VIEW everybody AS SELECT * FROM patient"});
  signInAs("viewer", {"SELECT, TRIGGER, EVENT ON practice.*"});
  const CaptureResult result = capture();
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_THAT(result.errors[0].what, HasSubstr("everybody"));
  EXPECT_THAT(result.errors[0].what, HasSubstr("GRANT SHOW VIEW ON `practice`.* TO 'viewer'@'localhost'"));
}

}  // namespace
}  // namespace enamel::mariadb
