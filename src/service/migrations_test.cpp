#include "service/migrations.h"

#include <gtest/gtest.h>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

constexpr Migration kFirst{.what = "a table",
                           .sql = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)"};
constexpr Migration kSecond{.what = "a column",
                            .sql = "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 2"};
constexpr Migration kBroken{.what = "a mistake", .sql = "UPDATE a SET x = 9; CREATE TABLE a (x INTEGER)"};

class MigrationsTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "state.db"; }
  static std::int64_t version(Database& database) {
    return database.integer("PRAGMA user_version").value_or(-1);
  }

  TempDirectory folder_;
};

TEST_F(MigrationsTest, EachStepRunsOnce) {
  Database database(path());
  migrate(database, {{kFirst}});
  EXPECT_EQ(version(database), 1);
  migrate(database, {{kFirst, kSecond}});
  EXPECT_EQ(version(database), 2);
  migrate(database, {{kFirst, kSecond}});
  EXPECT_EQ(database.integer("SELECT sum(x + y) FROM a"), 3);
}

TEST_F(MigrationsTest, AStepThatFailsLeavesTheOneBefore) {
  Database database(path());
  const std::string text = errorTextOf([&] { migrate(database, {{kFirst, kBroken, kSecond}}); });
  EXPECT_NE(text.find("version 2 (a mistake)"), std::string::npos) << text;
  EXPECT_EQ(version(database), 1);
  EXPECT_EQ(database.integer("SELECT x FROM a"), 1);
}

TEST_F(MigrationsTest, ANewerDatabaseIsRefusedAndStays) {
  Database database(path());
  migrate(database, {{kFirst, kSecond}});
  EXPECT_EQ(errorCodeOf([&] { migrate(database, {{kFirst}}); }), ErrorCode::kUnsupported);
  EXPECT_EQ(version(database), 2);
}

TEST_F(MigrationsTest, ADatabaseOfAnotherProgramIsRefusedAndStays) {
  {
    Database database(path());
    database.executeScript("CREATE TABLE theirs (x INTEGER) STRICT; PRAGMA application_id=0");
  }
  const std::string before = fileText(path());
  EXPECT_EQ(errorCodeOf([&] { const Database database(path()); }), ErrorCode::kUnsupported);
  EXPECT_EQ(fileText(path()), before);
}

TEST_F(MigrationsTest, ADamagedPageIsFoundBeforeAnythingIsChanged) {
  {
    Database database(path());
    migrate(database, {{kFirst}});
    database.executeScript(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO a SELECT "
        "i FROM n;"
        "PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::string bytes = fileText(path());
  ASSERT_GT(bytes.size(), 5U * 4096);
  bytes.replace(3 * 4096, 4096, std::string(4096, '\x55'));
  writeText(path(), bytes);
  Database database(path());
  EXPECT_EQ(errorCodeOf([&] { migrate(database, {{kFirst, kSecond}}); }), ErrorCode::kCorrupt);
  EXPECT_EQ(version(database), 1);
}

TEST_F(MigrationsTest, AFileCutOffIsDamage) {
  {
    Database database(path());
    migrate(database, stateMigrations());
  }
  std::filesystem::resize_file(path(), 5000);
  EXPECT_EQ(errorCodeOf([&] {
              Database database(path());
              migrate(database, stateMigrations());
            }),
            ErrorCode::kCorrupt);
}

TEST_F(MigrationsTest, TheServicesOwnStepsLeaveASoundDatabase) {
  Database database(path());
  migrate(database, stateMigrations());
  migrate(database, stateMigrations());
  EXPECT_EQ(database.integer("SELECT count(*) FROM audit_log"), 0);
  EXPECT_EQ(database.integer("SELECT count(*) FROM runs"), 0);
}

}  // namespace
}  // namespace enamel::service
