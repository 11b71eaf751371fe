// What is there already, and what a restore that was cut off leaves.
#include "mariadb/testing/restore_fixture.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using testing::checksums;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kPractice;
using testing::MemoryRepository;
using testing::RestoreTest;
using testing::runSql;
using testing::startServer;
using testing::storeByHand;

TEST_F(RestoreTest, neverTouchesADatabaseThatExists) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  runSql(target_->address(), "",
         "CREATE DATABASE busy;\nCREATE TABLE busy.t (a INT);\nCREATE DATABASE empty");
  for (const char* name : {"busy", "empty", "mysql"}) {
    try {
      restore(tree, {.as = name});
      ADD_FAILURE() << name;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), std::string(name) == "mysql" ? ErrorCode::kUsage : ErrorCode::kExists) << e.what();
    }
  }
  EXPECT_THAT(databases(), ElementsAre("busy", "empty"));
  EXPECT_EQ(value("SELECT COUNT(*) FROM busy.t"), "0");
}

TEST_F(RestoreTest, neverTouchesAWorkingDatabaseWithoutItsMarker) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  runSql(target_->address(), "",
         "CREATE DATABASE copy__enamel_restoring;\nCREATE TABLE copy__enamel_restoring.t (a INT)");
  EXPECT_THROW(restore(tree, {.as = "copy"}), Error);
  EXPECT_EQ(value("SELECT COUNT(*) FROM copy__enamel_restoring.t"), "0");
}

// Cut off before the tables get their name, nothing is there under it, and the next run starts clean.
TEST_F(RestoreTest, startsCleanAfterBeingCutOffBeforePromoting) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  for (const std::string phase : {"files", "indexes", "rows", "promote"}) {
    cutOff(tree, phase);
    EXPECT_THAT(databases(), ::testing::Not(::testing::Contains("copy"))) << phase;
  }
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
  expectEqualTo("copy");
}

// Once tables have their name people may work with them: no run clears them, whatever state they are in.
TEST_F(RestoreTest, neverClearsWhatWasPromoted) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  for (const std::string phase : {"definitions", "finish"}) {
    cutOff(tree, phase);
    EXPECT_EQ(value("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'copy' AND "
                    "TABLE_NAME = '__enamel_restoring'"),
              "1");
    runSql(target_->address(), "copy", "INSERT INTO nothing VALUES (77)");
    try {
      restore(tree, {.as = "copy"});
      ADD_FAILURE() << phase;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kExists);
      EXPECT_THAT(e.hint(), HasSubstr("DROP DATABASE `copy`"));
    }
    EXPECT_EQ(value("SELECT id FROM copy.nothing"), "77") << phase;
    EXPECT_EQ(checksums(target_->address(), "copy").find("patient=0\n"), std::string::npos);
    runSql(target_->address(), "", "DROP DATABASE copy");
  }
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
  expectEqualTo("copy");
}

// A RENAME TABLE of an old server, cut off in the middle.
TEST_F(RestoreTest, leavesATargetThatIsPartlyFilled) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  cutOff(tree, "promote");
  runSql(target_->address(), "",
         "UPDATE copy__enamel_restoring.__enamel_restoring SET state = 'promoting';\nCREATE DATABASE copy;\n"
         "RENAME TABLE copy__enamel_restoring.patient TO copy.patient");
  for (const char* marker : {"", "CREATE TABLE copy.__enamel_restoring SELECT 'promoting' AS state"}) {
    if (*marker != 0) runSql(target_->address(), "", marker);
    try {
      restore(tree, {.as = "copy"});
      ADD_FAILURE() << marker;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kExists);
    }
    EXPECT_NE(value("SELECT COUNT(*) FROM copy.patient"), "0");
  }
}

TEST_F(RestoreTest, saysSoWhenOnlyTheMarkerIsTooMuch) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  cutOff(tree, "finish");
  runSql(target_->address(), "",
         "UPDATE copy.__enamel_restoring SET state = 'complete';\nDROP DATABASE copy__enamel_restoring");
  try {
    restore(tree, {.as = "copy"});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kExists);
    EXPECT_THAT(e.hint(), HasSubstr("DROP TABLE `copy`.`__enamel_restoring`"));
  }
  EXPECT_EQ(value("SELECT COUNT(*) FROM copy.m1"), "2");
}

TEST_F(RestoreTest, startsCleanBetweenMakingTheTargetAndMovingTheTables) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  RestoreDatabaseOptions options{.as = "copy"};
  options.on_phase = [&](std::string_view at) {
    if (at == "promote") throw Error(ErrorCode::kIo, "cut off");
  };
  EXPECT_THROW(restore(tree, options), Error);
  runSql(target_->address(), "",
         "UPDATE copy__enamel_restoring.__enamel_restoring SET state = 'promoting';\nCREATE DATABASE copy;\n"
         "CREATE TABLE copy.__enamel_restoring (target VARCHAR(64), source VARCHAR(200), state VARCHAR(20))");
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
}

// The practice's own, made by somebody while the tables were being restored.
TEST_F(RestoreTest, neverSpeaksOfDroppingADatabaseThatSomebodyElseMade) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  for (const char* sql : {"CREATE DATABASE copy;\nCREATE TABLE copy.t (a INT)", "CREATE DATABASE copy"}) {
    RestoreDatabaseOptions options{.as = "copy"};
    options.on_phase = [&](std::string_view at) {
      if (at == "promote") runSql(target_->address(), "", sql);
    };
    try {
      restore(tree, options);
      ADD_FAILURE() << sql;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kExists);
      EXPECT_THAT(e.hint(), HasSubstr("choose another name with --as"));
      EXPECT_THAT(e.hint(), ::testing::Not(HasSubstr("DROP DATABASE")));
    }
    // The next one leaves it alone as well, though nothing is in it.
    try {
      restore(tree, {.as = "copy"});
      ADD_FAILURE() << sql;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kExists);
    }
    EXPECT_THAT(databases(), ElementsAre("copy", "copy__enamel_restoring"));
    runSql(target_->address(), "", "DROP DATABASE copy");
  }
}

// A table of the marker's name is no leave to drop a database.
TEST_F(RestoreTest, neverClearsATargetWhoseMarkerIsNotItsOwn) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  for (const char* marker :
       {"(a INT)", "(target VARCHAR(64), state VARCHAR(20)) SELECT 'other' target, 'promoting' state",
        "(target VARCHAR(64), state VARCHAR(20)) SELECT 'copy' target, 'complete' state"}) {
    cutOff(tree, "promote");
    runSql(
        target_->address(), "",
        "UPDATE copy__enamel_restoring.__enamel_restoring SET state = 'promoting';\nCREATE DATABASE copy;\n"
        "CREATE TABLE copy.__enamel_restoring " +
            std::string(marker));
    EXPECT_THROW(restore(tree, {.as = "copy"}), Error) << marker;
    EXPECT_EQ(value("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'copy'"), "1")
        << marker;
    runSql(target_->address(), "", "DROP DATABASE copy");
  }
}

TEST_F(RestoreTest, clearsFilesThatNoTableOwns) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  RestoreDatabaseOptions options{.as = "copy"};
  options.on_phase = [&](std::string_view at) {
    if (at != "indexes") return;
    std::ofstream(target_->dataFolder() / "copy__enamel_restoring" / "half.TMD") << "x";
    throw Error(ErrorCode::kIo, "cut off");
  };
  EXPECT_THROW(restore(tree, options), Error);
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
}

TEST_F(RestoreTest, stopsWhenCancelled) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  RestoreDatabaseOptions options{.as = "copy"};
  options.on_phase = [&](std::string_view at) {
    if (at == "rows") cancel_.cancel();
  };
  try {
    restore(tree, options);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kCancelled);
    EXPECT_THAT(e.hint(), HasSubstr("running it again clears what it left"));
  }
  EXPECT_THAT(databases(), ElementsAre("copy__enamel_restoring"));
}

// Where the server does not tell upper from lower case, "COPY" is the same database.
TEST_F(RestoreTest, refusesASecondRestoreToTheSameNameInAnotherCase) {
  const TempDirectory folder;
  PrivateServer::Options server_options;
  server_options.folder = folder.path() / "server";
  server_options.local_infile = true;
  server_options.server_options = {"--lower-case-table-names=1"};
  const PrivateServer server(server_options);
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  Progress progress;
  bool refused = false;
  RestoreDatabaseOptions options{.as = "copy"};
  options.on_phase = [&](std::string_view at) {
    if (at != "rows") return;
    try {
      restoreDatabase(*repository_, tree, server.address(), {.as = "COPY"}, progress, cancel_);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kDatabaseBusy) << e.what();
      refused = true;
    }
  };
  EXPECT_THAT(restoreDatabase(*repository_, tree, server.address(), options, progress, cancel_).errors,
              IsEmpty());
  EXPECT_TRUE(refused);
}

TEST_F(RestoreTest, refusesASecondRestoreToTheSameName) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  RestoreDatabaseOptions options{.as = "copy"};
  options.on_phase = [&](std::string_view at) {
    if (at != "indexes") return;
    try {
      restore(tree, {.as = "copy"});
      ADD_FAILURE();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kDatabaseBusy);
    }
  };
  EXPECT_THAT(restore(tree, options).errors, IsEmpty());
}

}  // namespace
}  // namespace enamel::mariadb
