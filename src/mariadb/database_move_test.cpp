// A move changes names only: every row stays, and what was done can be taken back to the letter.
#include "mariadb/database_move.h"

#include <memory>
#include <utility>

#include "mariadb/testing/move_fixture.h"

namespace enamel::mariadb {
namespace {

using testing::DatabaseMoveTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::runSql;

TEST_F(DatabaseMoveTest, putsTheCopyInPlaceAndTakesItBack) {
  const MoveResult made = goLive();
  EXPECT_THAT(made.errors, IsEmpty());
  EXPECT_THAT(made.warnings, IsEmpty());
  EXPECT_EQ(made.aside, "livebackup_11_29_2026");
  EXPECT_EQ(made.tables_in, 5U);
  EXPECT_EQ(made.tables_aside, 7U);
  expectLive();
  const MoveResult undone = undo();
  EXPECT_THAT(undone.errors, IsEmpty());
  EXPECT_THAT(undone.warnings, IsEmpty());
  EXPECT_EQ(undone.aside, "copy");
  expectAsBefore();
}

TEST_F(DatabaseMoveTest, keepsWhatWasDoneWhileTheCopyWasLive) {
  goLive();
  runSql(
      server_->address(), "live",
      "INSERT INTO patient VALUES (9000, 'new');\nCREATE TABLE made_meanwhile (a INT);\n"
      "INSERT INTO made_meanwhile VALUES (1);\nCREATE VIEW view_meanwhile AS SELECT * FROM made_meanwhile");
  runSql(server_->address(), "", "CREATE DATABASE copy;\nCREATE TABLE copy.other (a INT)");
  const MoveResult undone = undo();
  EXPECT_EQ(undone.aside, "copy_1");
  EXPECT_EQ(state("live"), live_before_);
  EXPECT_EQ(value("SELECT LName FROM copy_1.patient WHERE PatNum = 9000"), "new");
  EXPECT_EQ(value("SELECT COUNT(*) FROM copy_1.view_meanwhile"), "1");
  EXPECT_EQ(value("SELECT COUNT(*) FROM copy.other"), "0");
}

TEST_F(DatabaseMoveTest, goesBackStepByStepThroughSeveral) {
  goLive();
  runSql(server_->address(), "", "CREATE DATABASE copy;\nCREATE TABLE copy.patient (PatNum INT PRIMARY KEY)");
  EXPECT_EQ(goLive().aside, "livebackup_11_29_2026_1");
  EXPECT_EQ(value("SELECT COUNT(*) FROM live.patient"), "0");
  EXPECT_EQ(undo().aside, "copy");
  EXPECT_EQ(value("SELECT COUNT(*) FROM live.patient"), "150");
  EXPECT_EQ(undo().aside, "copy_1");
  EXPECT_EQ(state("live"), live_before_);
  try {
    undo();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  }
}

TEST_F(DatabaseMoveTest, refusesWhatCannotBe) {
  const auto refused = [&](const std::string& live, const std::string& copy) {
    Progress progress;
    try {
      makeLive(server_->address(), live, copy, "11_29_2026", {}, progress, cancel_);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("done");
  };
  EXPECT_THAT(refused("live", "live"), HasSubstr("are the same"));
  EXPECT_THAT(refused("live", "gone"), HasSubstr("no database gone"));
  EXPECT_THAT(refused("gone", "copy"), HasSubstr("no database gone"));
  EXPECT_THAT(refused("live", "mysql"), HasSubstr("the server's own"));
  EXPECT_THAT(refused("mysql", "copy"), HasSubstr("the server's own"));
  runSql(server_->address(), "",
         "CREATE DATABASE hollow;\nCREATE DATABASE half;\nCREATE TABLE half.t (a INT);\n"
         "CREATE TABLE half.__enamel_restoring (target INT)");
  EXPECT_THAT(refused("live", "hollow"), HasSubstr("no tables"));
  EXPECT_THAT(refused("live", "half"), HasSubstr("has not ended"));
  runSql(server_->address(), "copy", "CREATE TABLE only_live_view (a INT)");
  EXPECT_THAT(refused("live", "copy"), HasSubstr("is a view"));
  runSql(server_->address(), "copy",
         "DROP TABLE only_live_view;\nCREATE TABLE far (id INT PRIMARY KEY, "
         "p INT, FOREIGN KEY (p) REFERENCES live.ino (id)) ENGINE=InnoDB");
  EXPECT_THAT(refused("live", "copy"), HasSubstr("foreign key"));
  runSql(server_->address(), "", "DROP TABLE copy.far;\nDROP DATABASE hollow;\nDROP DATABASE half");
  expectAsBefore();
}

TEST_F(DatabaseMoveTest, namesTheGrantThatIsMissing) {
  runSql(server_->address(), "",
         "CREATE OR REPLACE USER mover@localhost IDENTIFIED BY 'pw';\n"
         "GRANT SELECT, DROP ON live.* TO mover@localhost;\nGRANT ALL ON copy.* TO mover@localhost");
  Address address = server_->address();
  address.user = "mover";
  address.password = "pw";
  Progress progress;
  const auto attempt = [&] { return makeLive(address, "live", "copy", "11_29_2026", {}, progress, cancel_); };
  // Each GRANT that is named is given: at the end nothing is missing.
  int grants = 0;
  for (;; ++grants) {
    ASSERT_LT(grants, 5);
    try {
      attempt();
      break;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kDatabaseDenied) << error.what();
      const std::string mark = "as its administrator: ";
      const std::string hint = error.hint();
      ASSERT_THAT(hint, HasSubstr(mark + "GRANT "));
      std::string statements = hint.substr(hint.find(mark) + mark.size());
      for (std::size_t at = 0; (at = statements.find("; ", at)) != std::string::npos;)
        statements.replace(at, 2, ";\n");
      runSql(server_->address(), "", statements);
    }
  }
  EXPECT_EQ(grants, 3);
  expectLive();
  undoMove(address, "live", {}, {}, progress, cancel_);
  EXPECT_EQ(value("SELECT COUNT(*) FROM live.patient"), "200");
  runSql(server_->address(), "", "DROP USER mover@localhost");
}

TEST_F(DatabaseMoveTest, givesUpWhereOthersHoldLocks) {
  Connection other(server_->address("live"));
  other.execute("LOCK TABLES patient READ");
  try {
    goLive({.lock_wait_s = 1, .lock_attempts = 2});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDatabaseBusy);
    EXPECT_THAT(error.what(), HasSubstr("connected to live: root@localhost"));
  }
  other.execute("UNLOCK TABLES");
  expectAsBefore();
  goLive();
  expectLive();
}

TEST_F(DatabaseMoveTest, worksOnceTheOthersLetGo) {
  auto other = std::make_unique<Connection>(server_->address("live"));
  other->execute("LOCK TABLES patient WRITE");
  int attempts = 0;
  MoveOptions options{.lock_wait_s = 1, .lock_attempts = 5};
  options.on_statement = [&](std::string_view sql, bool done) {
    if (!done && sql.starts_with("RENAME TABLE `live`") && ++attempts == 2) other.reset();
  };
  goLive(options);
  EXPECT_GE(attempts, 2);
  expectLive();
}

TEST_F(DatabaseMoveTest, takesBackWhatItBeganWhenStopped) {
  for (const char* at : {"CREATE TABLE", "INSERT", "DROP TRIGGER"}) {
    CancelToken cancel;
    MoveOptions options;
    options.on_statement = [&](std::string_view sql, bool) {
      if (sql.starts_with(at) && !cancel.cancelled()) {
        cancel.cancel();
        cancel.check();
      }
    };
    Progress progress;
    EXPECT_THROW(makeLive(server_->address(), "live", "copy", "11_29_2026", options, progress, cancel),
                 Error);
    EXPECT_TRUE(cancel.cancelled()) << at;
    expectAsBefore();
  }
}

TEST_F(DatabaseMoveTest, twoAtOnceDoNotMeet) {
  bool refused = false;
  MoveOptions options;
  options.on_statement = [&](std::string_view, bool) {
    if (std::exchange(refused, true)) return;
    try {
      undo();
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kDatabaseBusy);
    }
  };
  goLive(options);
  EXPECT_TRUE(refused);
  expectLive();
}

TEST_F(DatabaseMoveTest, leavesFilesThatSomebodyCopiedByHand) {
  testing::copyTableFiles(server_->dataFolder() / "live", "only_live", "only_live - Copy");
  const MoveResult made = goLive();
  EXPECT_THAT(made.warnings, ElementsAre(HasSubstr("#mysql50#only_live - Copy stays in live")));
  undo();
  EXPECT_EQ(value("SELECT COUNT(*) FROM live.`#mysql50#only_live - Copy`"), "2");
  runSql(server_->address(), "", "DROP TABLE live.`#mysql50#only_live - Copy`");
  expectAsBefore();
}

TEST_F(DatabaseMoveTest, aForeignMoveThatWasCutOffIsNotGoneOverBy) {
  MoveOptions options;
  options.on_statement = [](std::string_view sql, bool done) {
    if (done && sql.starts_with("RENAME TABLE `live`"))
      throw Error(ErrorCode::kDatabaseUnreachable, "cut off");
  };
  EXPECT_THROW(goLive(options), Error);
  runSql(server_->address(), "", "CREATE DATABASE another;\nCREATE TABLE another.t (a INT)");
  Progress progress;
  try {
    makeLive(server_->address(), "live", "another", "11_29_2026", {}, progress, cancel_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kExists);
    EXPECT_THAT(error.hint(), HasSubstr("go-live --from copy"));
  }
  runSql(server_->address(), "", "DROP DATABASE another");
  undo();
  expectAsBefore();
}

TEST(AsideNameTest, isTheOriginalToolsWithinTheServersLimit) {
  EXPECT_EQ(asideName("opendental", "11_29_2026", 0), "opendentalbackup_11_29_2026");
  EXPECT_EQ(asideName("opendental", "11_29_2026", 2), "opendentalbackup_11_29_2026_2");
  EXPECT_EQ(asideName(std::string(64, 'a'), "11_29_2026", 0), std::string(47, 'a') + "backup_11_29_2026");
  EXPECT_EQ(asideName(std::string(47, 'a') + "\xC3\xA9", "11_29_2026", 0),
            std::string(47, 'a') + "backup_11_29_2026");
}

}  // namespace
}  // namespace enamel::mariadb
