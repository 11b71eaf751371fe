#include "mariadb/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/myi_header.h"
#include "mariadb/restore_names.h"
#include "mariadb/restore_session.h"
#include "mariadb/testing/hand_snapshot.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using testing::checksums;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryRepository;
using testing::runSql;
using testing::storeByHand;

// MyISAM in most of the forms it has, and everything beside tables that a database can hold.
constexpr const char* kPractice = R"(
CREATE TABLE patient (PatNum BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, LName VARCHAR(100), Note TEXT, Birthdate DATE NOT NULL DEFAULT '0001-01-01', KEY(LName), FULLTEXT(Note)) ENGINE=MyISAM CHARACTER SET utf8;
INSERT INTO patient (LName, Note) SELECT CONCAT('Müller ', seq), REPEAT('note ', seq % 50) FROM seq_1_to_3000;
DELETE FROM patient WHERE PatNum % 7 = 0;
UPDATE patient SET Note = REPEAT('longer ', 60) WHERE PatNum % 11 = 0;
INSERT INTO patient (LName, Birthdate) VALUES ('zero', '0000-00-00'), (NULL, '2001-02-03');
ALTER TABLE patient AUTO_INCREMENT = 100000;
CREATE TABLE fixed (id INT PRIMARY KEY, c CHAR(10), f FLOAT, UNIQUE(c)) ENGINE=MyISAM;
INSERT INTO fixed SELECT seq, CONCAT('c', seq), seq / 7 FROM seq_1_to_500;
CREATE TABLE parts (id INT PRIMARY KEY, v VARCHAR(30)) ENGINE=MyISAM PARTITION BY HASH(id) PARTITIONS 3;
INSERT INTO parts SELECT seq, seq FROM seq_1_to_300;
CREATE TABLE `odd/na me.``é#1` (id INT PRIMARY KEY) ENGINE=MyISAM;
INSERT INTO `odd/na me.``é#1` VALUES (1), (2);
CREATE TABLE generated (id INT PRIMARY KEY, a INT, v INT AS (a + 1) VIRTUAL, s INT AS (a * 2) STORED, KEY(v)) ENGINE=MyISAM;
INSERT INTO generated (id, a) SELECT seq, seq FROM seq_1_to_100;
CREATE TABLE nothing (id INT PRIMARY KEY) ENGINE=MyISAM;
CREATE TABLE latin (id INT, t VARCHAR(50), b VARBINARY(50), l LONGBLOB, bits BIT(16) NOT NULL DEFAULT 2652) ENGINE=MyISAM CHARACTER SET latin1;
INSERT INTO latin (id, t, b, l) VALUES (1, 'Zürich', UNHEX('00010A0D095C27FF'), NULL), (2, NULL, '', 'x\ty\nz\\');
CREATE TABLE ino (id BIGINT NOT NULL PRIMARY KEY AUTO_INCREMENT, t VARCHAR(80), d DOUBLE, ts TIMESTAMP NULL, w DOUBLE AS (d * 2) STORED, KEY(t)) ENGINE=InnoDB CHARACTER SET utf8mb4;
INSERT INTO ino (t, d, ts) SELECT CONCAT('row 😀 ', seq), seq / 3, '2020-03-29 01:30:00' FROM seq_1_to_2000;
CREATE TABLE child (id INT PRIMARY KEY, parent BIGINT, FOREIGN KEY (parent) REFERENCES ino (id)) ENGINE=InnoDB;
INSERT INTO child SELECT seq, seq FROM seq_1_to_50;
CREATE TABLE m1 (a INT) ENGINE=MyISAM;
INSERT INTO m1 VALUES (1), (2);
CREATE TABLE merged (a INT) ENGINE=MERGE UNION=(m1);
CREATE VIEW b_view AS SELECT PatNum, LName FROM patient WHERE PatNum < 10;
CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1;
CREATE VIEW a_view AS SELECT *, one() AS one FROM b_view;
CREATE PROCEDURE count_patients() BEGIN SELECT 'a;b'; SELECT COUNT(*) FROM patient; END;
CREATE TRIGGER stamp BEFORE INSERT ON fixed FOR EACH ROW BEGIN SET NEW.f = 1; END;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM m1 WHERE a < 0;
)";

PrivateServer startServer(const fs::path& folder, std::uint16_t tcp_port = 0) {
  PrivateServer::Options options;
  options.folder = folder;
  options.local_infile = true;
  options.tcp_port = tcp_port;
  // InnoDB writes a value's pages in one piece: with a pool no larger than the value it never ends.
  options.server_options = {"--innodb-buffer-pool-size=256M", "--innodb-log-file-size=256M"};
  return PrivateServer(options);
}

// One source and one target server for all tests: starting them is what takes time.
class RestoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempDirectory;
    source_ = new PrivateServer(startServer(folder_->path() / "source"));
    target_ = new PrivateServer(startServer(folder_->path() / "target"));
    runSql(source_->address(), "", "CREATE DATABASE `prac-tice` CHARACTER SET utf8");
    runSql(source_->address(), "prac-tice", kPractice);
  }
  static void TearDownTestSuite() {
    delete target_;
    delete source_;
    delete folder_;
  }
  void TearDown() override {
    Connection connection = openRestoreConnection(target_->address());
    for (const StoredRow& row : connection.query("SHOW DATABASES")) {
      const std::string name = row.at(0).value_or("");
      if (name != "mysql" && name != "information_schema" && name != "performance_schema" && name != "sys") {
        connection.execute("DROP DATABASE " + quoteName(name));
      }
    }
  }

  RestoreDatabaseResult restore(const repository::BlobId& tree, const RestoreDatabaseOptions& options = {}) {
    Progress progress;
    return restoreDatabase(*repository_, tree, target_->address(), options, progress, cancel_);
  }
  // A restore as `copy` that is cut off at the begin of a phase.
  void cutOff(const repository::BlobId& tree, const std::string& phase) {
    RestoreDatabaseOptions options{.as = "copy"};
    bool reached = false;
    options.on_phase = [&](std::string_view at) {
      if (at != phase) return;
      reached = true;
      throw Error(ErrorCode::kDatabaseUnreachable, "cut off");
    };
    EXPECT_THROW(restore(tree, options), Error) << phase;
    EXPECT_TRUE(reached) << phase;
  }
  static std::vector<std::string> databases() {
    std::vector<std::string> names;
    for (const StoredRow& row : Connection(target_->address())
                                    .query("SHOW DATABASES WHERE `Database` NOT IN "
                                           "('mysql', 'information_schema', "
                                           "'performance_schema', 'sys')")) {
      names.push_back(row.at(0).value_or(""));
    }
    return names;
  }
  static std::string value(const std::string& sql) {
    return Connection(target_->address()).queryValue(sql).value_or("NULL");
  }
  static void expectEqualTo(const std::string& database) {
    EXPECT_EQ(checksums(target_->address(), database), checksums(source_->address(), "prac-tice"));
    const std::string name = quoteName(database);
    EXPECT_EQ(value("SELECT COUNT(*) FROM " + name + ".a_view"), "8");
    EXPECT_EQ(value("SELECT ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = " +
                    quoteValue(database)),
              "BEGIN SET NEW.f = 1; END");
    EXPECT_EQ(value("SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " +
                    quoteValue(database)),
              "2");
    EXPECT_EQ(
        value("SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " + quoteValue(database)),
        "1");
    EXPECT_EQ(value("SELECT AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_NAME = 'patient' AND "
                    "TABLE_SCHEMA = " +
                    quoteValue(database)),
              "100000");
    EXPECT_EQ(value("SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " +
                    quoteValue(database)),
              "utf8mb3_general_ci");
    EXPECT_EQ(value("SELECT CONCAT(UNIQUE_CONSTRAINT_SCHEMA, '.', REFERENCED_TABLE_NAME) FROM "
                    "information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = " +
                    quoteValue(database)),
              database + ".ino");
    for (const StoredRow& row : Connection(target_->address()).query("SHOW FULL TABLES FROM " + name)) {
      const auto checked =
          Connection(target_->address())
              .query("CHECK TABLE " + qualified(database, row.at(0).value_or("")) + " EXTENDED");
      EXPECT_EQ(checked.back().at(3), "OK") << row.at(0).value_or("");
    }
  }

  static TempDirectory* folder_;
  static PrivateServer* source_;
  static PrivateServer* target_;
  MemoryRepository repository_;
  CancelToken cancel_;
};
TempDirectory* RestoreTest::folder_ = nullptr;
PrivateServer* RestoreTest::source_ = nullptr;
PrivateServer* RestoreTest::target_ = nullptr;

TEST_F(RestoreTest, putsFilesInPlaceAndRebuildsIndexes) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  const RestoreDatabaseResult result = restore(tree);
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_EQ(result.database, "prac-tice");
  EXPECT_EQ(result.tables, 11U);
  EXPECT_THAT(databases(), ElementsAre("prac-tice"));
  expectEqualTo("prac-tice");
}

TEST_F(RestoreTest, takesKeptIndexesAsTheyAre) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice", {.keep_indexes = true});
  const auto result = restore(tree);
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty());
  expectEqualTo("prac-tice");
}

TEST_F(RestoreTest, loadsRows) {
  const auto tree =
      storeByHand(*repository_, *source_, "prac-tice", {.rows_only = true, .chunk_bytes = 1000});
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
  expectEqualTo("copy");
}

TEST_F(RestoreTest, streamsTableFilesWhereTheDataFolderIsNotAtHand) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  const TempDirectory elsewhere;
  const RestoreDatabaseResult result = restore(tree, {.as = "copy", .data_folder = elsewhere.path()});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("not at hand on this machine")));
  expectEqualTo("copy");
}

TEST_F(RestoreTest, restoresOverTcp) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  const TempDirectory folder;
  std::uint16_t port = 0;
  std::unique_ptr<PrivateServer> server;
  for (std::uint16_t candidate = 23306; server == nullptr && candidate < 23326; ++candidate) {
    try {
      server =
          std::make_unique<PrivateServer>(startServer(folder.path() / std::to_string(candidate), candidate));
      port = candidate;
    } catch (const Error&) {
      // The port is taken: the next one.
    }
  }
  ASSERT_NE(server, nullptr);
  runSql(server->address(), "",
         "CREATE USER od@'127.0.0.1' IDENTIFIED BY 'pw';\nGRANT ALL ON *.* TO od@'127.0.0.1'");
  Address address;
  address.user = "od";
  address.password = "pw";
  address.host = "127.0.0.1";
  address.port = port;
  Progress progress;
  const auto result =
      restoreDatabase(*repository_, tree, address, {.as = "copy", .rows_only = true}, progress, cancel_);
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(checksums(server->address(), "copy"), checksums(source_->address(), "prac-tice"));
}

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
         "CREATE TABLE copy.__enamel_restoring (state VARCHAR(20))");
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
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

TEST_F(RestoreTest, restoresChosenTables) {
  const auto tree = storeByHand(*repository_, *source_, "prac-tice");
  const auto result = restore(tree, {.as = "copy", .only = {"fixed", "ino"}});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(value("SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE "
                  "TABLE_SCHEMA = 'copy'"),
            "fixed,ino");
  try {
    restore(tree, {.as = "copy2", .only = {"nosuch"}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kNotFound);
  }
}

TEST_F(RestoreTest, namesTablesThatAreNotAsTheManifestSays) {
  testing::HandSnapshotOptions options;
  options.change_manifest = [](Manifest& manifest) {
    for (ManifestTable& table : manifest.tables) {
      if (table.name == "fixed" || table.name == "ino") ++table.rows;
      if (table.name == "nothing") table.error = "marked as crashed";
    }
    manifest.views = 3;
  };
  options.change_file = [](const std::string& name, std::string& content) {
    if (name == "patient.MYD") std::fill(content.begin() + 20000, content.begin() + 20600, '\xff');
    if (name == "parts.frm") content.clear();
  };
  const auto tree = storeByHand(*repository_, *source_, "prac-tice", options);
  try {
    restore(tree, {.as = "copy"});
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kVerifyFailed);
    for (const char* part : {"nothing appeared under the name copy",
                             "table fixed: ", "table ino: ", "table patient: ", "table parts: "}) {
      EXPECT_THAT(e.what(), HasSubstr(part));
    }
    EXPECT_THAT(e.what(), ::testing::Not(HasSubstr("table nothing")));
  }
  EXPECT_THAT(databases(), ElementsAre("copy__enamel_restoring"));
  const auto result = restore(tree, {.as = "copy", .keep_going = true});
  EXPECT_EQ(result.tables, 6U);
  EXPECT_THAT(
      result.errors,
      ::testing::UnorderedElementsAre(
          HasSubstr("table fixed: it has 500 rows, the backup's manifest says 501"),
          HasSubstr("table ino: 2000 rows were loaded and 2000 counted, the backup's manifest says 2001"),
          HasSubstr("table nothing is not in the backup: marked as crashed"), HasSubstr("table patient: "),
          HasSubstr("table parts: "), HasSubstr("2 views were made, the backup's manifest says 3")));
}

TEST_F(RestoreTest, streamsValuesThatTextInACharacterSetWouldChange) {
  runSql(
      source_->address(), "",
      "CREATE DATABASE types;\nCREATE TABLE types.t (id INT PRIMARY KEY, f FLOAT, u UUID, i6 INET6, i4 "
      "INET4, "
      "c CHAR(9)) ENGINE=MyISAM CHARACTER SET latin1;\n"
      "INSERT INTO types.t VALUES (1, 1/7, '123e4567-e89b-12d3-a456-426655440000', '2001:db8::ff00:42:8329', "
      "'192.0.2.7', 'Z\u00fcrich'), (2, 1e30, NULL, '::', '0.0.0.0', '')");
  const auto tree = storeByHand(*repository_, *source_, "types");
  const TempDirectory elsewhere;
  EXPECT_THAT(restore(tree, {.data_folder = elsewhere.path()}).errors, IsEmpty());
  EXPECT_EQ(checksums(target_->address(), "types"), checksums(source_->address(), "types"));
  EXPECT_EQ(value("SELECT CONCAT_WS(',', u, i6, i4) FROM types.t WHERE id = 1"),
            "123e4567-e89b-12d3-a456-426655440000,2001:db8::ff00:42:8329,192.0.2.7");
  runSql(source_->address(), "", "DROP DATABASE types");
}

TEST_F(RestoreTest, tellsOfChangedValuesWithoutRepeatingThem) {
  testing::HandSnapshotOptions options;
  options.change_file = [](const std::string& name, std::string& content) {
    const std::size_t at = name == "ino.txt" ? content.find("\t0.33") : std::string::npos;
    if (at != std::string::npos) content.insert(at + 1, "Secret for column `t` at row 9");
  };
  const auto result = restore(storeByHand(*repository_, *source_, "prac-tice", options),
                              {.as = "copy", .only = {"ino"}, .keep_going = true});
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_THAT(result.errors[0], ::testing::MatchesRegex(".*1 rows: warning [0-9]+ for column d, 1 times"));
  EXPECT_EQ(result.tables, 0U);
}

TEST_F(RestoreTest, aDatabaseNamedAccountsKeepsItsDefinitions) {
  runSql(source_->address(), "",
         "CREATE DATABASE accounts;\nCREATE TABLE accounts.t (a INT);\n"
         "CREATE VIEW accounts.v AS SELECT a FROM accounts.t");
  const auto result = restore(storeByHand(*repository_, *source_, "accounts"));
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(value("SELECT COUNT(*) FROM accounts.v"), "0");
  runSql(source_->address(), "", "DROP DATABASE accounts");
}

TEST_F(RestoreTest, leavesOutTablesThatTheSnapshotDoesNotHave) {
  testing::HandSnapshotOptions options;
  options.change_manifest = [](Manifest& manifest) {
    for (ManifestTable& table : manifest.tables) {
      if (table.name == "nothing") table.error = "marked as crashed";
    }
  };
  const auto result = restore(storeByHand(*repository_, *source_, "prac-tice", options), {.as = "copy"});
  EXPECT_THAT(result.errors, ElementsAre("table nothing is not in the backup: marked as crashed"));
  EXPECT_EQ(result.tables, 10U);
  EXPECT_THAT(databases(), ElementsAre("copy"));
}

// A table that was open and written to when its files were read has indexes that nobody can trust.
TEST_F(RestoreTest, rebuildsKeptIndexesOfATableThatWasOpen) {
  testing::HandSnapshotOptions options;
  options.keep_indexes = true;
  options.change_file = [](const std::string& name, std::string& content) {
    if (name != "fixed.MYI") return;
    ASSERT_EQ(parseMyiHeader(asBytes(content))->open_count, 0U);
    for (std::size_t at = 24; at + 2 <= MyiHeader::kPrefixBytes; ++at) {
      std::string changed = content;
      changed[at + 1] = 1;
      const auto header = parseMyiHeader(asBytes(changed));
      if (!header || header->open_count != 1) continue;
      content = changed;
      return;
    }
    ADD_FAILURE() << "the header has no place for the count";
  };
  const auto result = restore(storeByHand(*repository_, *source_, "prac-tice", options), {.as = "prac-tice"});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings,
              ElementsAre(HasSubstr("table fixed: the indexes in the backup were not whole")));
  expectEqualTo("prac-tice");
}

TEST_F(RestoreTest, runsNoStatementThatDoesNotBelongThere) {
  testing::HandSnapshotOptions options;
  options.change_file = [](const std::string& name, std::string& content) {
    if (name == "ino.sql") content = "CREATE DATABASE evil;\nCREATE USER evil;\n" + content;
    if (name == "child.sql") content = "CREATE TABLE other (a INT);\n";
  };
  const auto result =
      restore(storeByHand(*repository_, *source_, "prac-tice", options), {.as = "copy", .keep_going = true});
  EXPECT_THAT(result.errors, ::testing::UnorderedElementsAre(HasSubstr("does not belong there"),
                                                             HasSubstr("makes another one, other")));
  EXPECT_THAT(databases(), ElementsAre("copy"));
  EXPECT_EQ(value("SELECT COUNT(*) FROM mysql.user WHERE User = 'evil'"), "0");
}

// Loading is slow for such rows (the server grows its buffer by 4 KiB at a time), so only one of them is
// loaded.
TEST_F(RestoreTest, carriesARowOf64MiB) {
  const std::string allow = "SET GLOBAL max_allowed_packet = 1073741824";
  runSql(source_->address(), "",
         "CREATE DATABASE big;\nCREATE TABLE big.m (id INT PRIMARY KEY, b LONGBLOB) ENGINE=MyISAM;\n"
         "CREATE TABLE big.i (id INT PRIMARY KEY, b LONGBLOB) ENGINE=InnoDB;\n"
         "CREATE TABLE big.s (id INT PRIMARY KEY, b LONGBLOB) ENGINE=MyISAM;\n" +
             allow);
  runSql(target_->address(), "", allow);
  runSql(source_->address(), "big",
         "INSERT INTO m VALUES (1, REPEAT(UNHEX('00095C0A'), 16777216));\nINSERT INTO i SELECT * FROM m;\n"
         "INSERT INTO s SELECT id, LEFT(b, 4194304) FROM m");
  const auto tree = storeByHand(*repository_, *source_, "big");
  EXPECT_THAT(restore(tree).errors, IsEmpty());
  EXPECT_EQ(checksums(target_->address(), "big"), checksums(source_->address(), "big"));
  const TempDirectory elsewhere;
  EXPECT_THAT(restore(tree, {.as = "streamed", .data_folder = elsewhere.path(), .only = {"s"}}).errors,
              IsEmpty());
  EXPECT_EQ(value("SELECT MD5(b) FROM streamed.s"), value("SELECT MD5(LEFT(b, 4194304)) FROM big.m"));
  runSql(source_->address(), "", "DROP DATABASE big");
}

TEST_F(RestoreTest, viewsThatNameOtherDatabasesFollowTheNewName) {
  runSql(source_->address(), "",
         "CREATE DATABASE one;\nCREATE DATABASE two;\nCREATE TABLE one.t (a INT) ENGINE=MyISAM;\n"
         "CREATE TABLE two.u (a INT);\nCREATE VIEW one.v AS SELECT t.a FROM one.t JOIN two.u ON t.a = u.a");
  runSql(target_->address(), "", "CREATE DATABASE two;\nCREATE TABLE two.u (a INT)");
  const auto result = restore(storeByHand(*repository_, *source_, "one"), {.as = "three"});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(
      value("SELECT VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'three'"),
      ::testing::AllOf(HasSubstr("`three`.`t`"), HasSubstr("`two`.`u`"), ::testing::Not(HasSubstr("`one`"))));
  runSql(source_->address(), "", "DROP DATABASE one;\nDROP DATABASE two");
}

TEST(RestoreNamesTest, keepsWithinTheServersLimit) {
  EXPECT_EQ(workingDatabaseName("opendental"), "opendental__enamel_restoring");
  const std::string long_a(60, 'a');
  EXPECT_EQ(workingDatabaseName(long_a).size(), 64U);
  EXPECT_NE(workingDatabaseName(long_a), workingDatabaseName(long_a + "a"));
  EXPECT_NO_THROW(requireDatabaseName(std::string(64, 'a')));
  for (const std::string name :
       {"", "MySQL", "sys", "a__enamel_restoring", "a ", "a\nb", "\xF0\x9F\x98\x80"}) {
    EXPECT_THROW(requireDatabaseName(name), Error) << name;
  }
  EXPECT_THROW(requireDatabaseName(std::string(65, 'a')), Error);
}

}  // namespace
}  // namespace enamel::mariadb
