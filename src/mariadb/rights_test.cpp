#include "mariadb/rights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
    const std::string grants = error->hint().substr(error->hint().find("GRANT "));
    run({grants.substr(0, grants.find("; ")), grants.substr(grants.find("; ") + 2)});
    expectComplete();
  }
  void expectComplete() {
    const CaptureResult result = capture();
    EXPECT_THAT(result.errors, IsEmpty()) << user_;
    EXPECT_THAT(result.warnings, IsEmpty()) << user_;
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
  expectComplete();
  signInAs("by_pattern", {"SELECT, TRIGGER, EVENT ON `prac%`.*", "SELECT ON mysql.*"});
  expectComplete();
  signInAs("by_all", {"SELECT, TRIGGER, EVENT ON *.*"});
  expectComplete();
  signInAs("owner", {"ALL PRIVILEGES ON practice.*", "SELECT ON mysql.*"});
  expectComplete();
}

TEST_F(RightsTest, whatTheServerDoesNotEvenShowIsMissingWithTheGrant) {
  fill("patient", 3);
  run({"CREATE TRIGGER mark BEFORE INSERT ON patient FOR EACH ROW SET NEW.name = 'x'",
       "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DO DELETE FROM patient WHERE id < 0",
       "CREATE PROCEDURE tidy_up() SELECT 1"});
  signInAs("plain", {"SELECT ON practice.*", "TRIGGER, EVENT ON `other%`.*"});
  const CaptureResult result = capture();
  ASSERT_EQ(result.errors.size(), 3U);
  for (std::size_t i = 0;
       const char* right : {"TRIGGER ON `practice`.*", "EVENT ON `practice`.*", "SELECT ON mysql.proc"}) {
    const std::string& what = result.errors[i++].what;
    const auto at = what.find("GRANT " + std::string(right) + " TO 'plain'@'localhost'");
    ASSERT_NE(at, std::string::npos) << what;
    run({what.substr(at, what.rfind(')') - at)});
  }
  const CaptureResult again = capture();
  EXPECT_THAT(again.errors, IsEmpty());
  EXPECT_EQ(again.manifest.triggers, 1U);
  EXPECT_EQ(again.manifest.events, 1U);
  EXPECT_EQ(again.manifest.routines, 1U);
}

TEST_F(RightsTest, everyMissingRightIsNamedAsTheStatementThatGivesIt) {
  useDatabase("open_dental");
  fill("patient", 3);
  run({"CREATE OR REPLACE USER fresh@localhost IDENTIFIED BY 'x'"});
  Address address = this->address();
  address.user = "fresh";
  address.password = "x";
  const auto missing = [&] {
    Connection::Options options;
    options.use_database = false;
    Connection connection(address, options);
    return missingGrants(connection, readServerFacts(connection, 0), "open_dental");
  };
  const std::vector<std::string> statements = missing();
  EXPECT_EQ(statements,
            (std::vector<std::string>{
                "GRANT RELOAD, PROCESS ON *.* TO 'fresh'@'localhost'",
                "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `open\\_dental`.* TO 'fresh'@'localhost'",
                "GRANT SELECT ON mysql.* TO 'fresh'@'localhost'"}));
  run({"GRANT EVENT ON `open%`.* TO fresh@localhost"});
  EXPECT_EQ(missing().at(1), "GRANT SELECT, SHOW VIEW, TRIGGER ON `open\\_dental`.* TO 'fresh'@'localhost'");
  run(statements);
  EXPECT_THAT(missing(), IsEmpty());
  user_ = "fresh";
  password_ = "x";
  expectComplete();
}

TEST_F(RightsTest, aViewWhoseDefinitionMayNotBeSeenIsMissingWithTheGrant) {
  fill("patient", 3);
  run({"CREATE VIEW everybody AS SELECT * FROM patient"});
  signInAs("viewer", {"SELECT, TRIGGER, EVENT ON practice.*", "SELECT ON mysql.*"});
  const CaptureResult result = capture();
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_THAT(result.errors[0].what, HasSubstr("everybody"));
  EXPECT_THAT(result.errors[0].what, HasSubstr("GRANT SHOW VIEW ON `practice`.* TO 'viewer'@'localhost'"));
}

}  // namespace
}  // namespace enamel::mariadb
