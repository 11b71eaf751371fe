#include "mariadb/restore.h"

#include "mariadb/myi_header.h"
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
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("not at hand on this machine"),
                                           HasSubstr("event nightly is switched off")));
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

TEST_F(RestoreTest, aMemoryTableMayBeLargerThanTheServersLimit) {
  runSql(source_->address(), "", "CREATE DATABASE memory");
  runSql(source_->address(), "memory", R"(SET max_heap_table_size = 1 << 27;
CREATE TABLE large (a INT PRIMARY KEY, b CHAR(200)) ENGINE=MEMORY;
INSERT INTO large SELECT seq, 'x' FROM seq_1_to_100000)");
  const repository::BlobId tree = storeByHand(*repository_, *source_, "memory");
  runSql(source_->address(), "", "DROP DATABASE memory");
  EXPECT_THAT(restore(tree).errors, IsEmpty());
  EXPECT_EQ(value("SELECT COUNT(*) FROM memory.large"), "100000");
}

TEST_F(RestoreTest, saysWhichTablesAreOfAnotherEngineThan) {
  const auto change = [](const std::string& name, std::string& content) {
    if (name != "child.sql") return;
    const std::size_t at = content.find("ENGINE=InnoDB");
    content.replace(at, 13, "ENGINE=CONNECT TABLE_TYPE=CSV FILE_NAME='x'");
  };
  const repository::BlobId tree = storeByHand(*repository_, *source_, "prac-tice", {.change_file = change});
  const RestoreDatabaseResult result = restore(tree, {.as = "copy"});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(
      result.warnings,
      ::testing::Contains("table child: this server does not have its engine; it was made with InnoDB"));
  EXPECT_EQ(value("SELECT COUNT(*) FROM copy.child"), "50");
}

// A view of a table that is gone cannot be made; it is an error only where it worked in the practice.
TEST_F(RestoreTest, aViewThatDidNotWorkInThePracticeIsNoError) {
  runSql(source_->address(), "",
         "CREATE DATABASE views;\nCREATE TABLE views.gone (a INT);\nCREATE TABLE views.t (a INT);\n"
         "CREATE VIEW views.broken AS SELECT a FROM views.gone;\n"
         "CREATE VIEW views.upon AS SELECT a FROM views.broken;\nDROP TABLE views.gone");
  for (const bool known : {false, true}) {
    const repository::BlobId tree =
        storeByHand(*repository_, *source_, "views", {.change_manifest = [&](Manifest& manifest) {
          if (known) manifest.broken_views = {"broken", "upon"};
        }});
    const RestoreDatabaseResult result = restore(tree, {.as = known ? "known" : "unknown"});
    if (known) {
      EXPECT_THAT(result.errors, IsEmpty());
      EXPECT_THAT(result.warnings,
                  ::testing::Contains(HasSubstr("it did not work when the backup was made")));
    } else {
      EXPECT_THAT(result.errors, ::testing::Contains(HasSubstr("view broken: ")));
    }
  }
  runSql(source_->address(), "", "DROP DATABASE views");
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

TEST(RestoreNamesTest, givesTablesNamesThatAreLegalAndTheirOwn) {
  EXPECT_EQ(
      replacedTableNames({"#mysql50#patient - Copy", "patient", "#mysql50#a (1)", "A (1)", "#mysql50#A (1)",
                          "#mysql50##mysql50#x", "#mysql50#end ", "#mysql50#", "#mysql50#\xFFz"}),
      (std::map<std::string, std::string>{{"#mysql50#patient - Copy", "patient - Copy"},
                                          {"#mysql50#a (1)", "a (1) (2)"},
                                          {"#mysql50#A (1)", "A (1) (3)"},
                                          {"#mysql50##mysql50#x", "x"},
                                          {"#mysql50#end ", "end_"},
                                          {"#mysql50#", "table"},
                                          {"#mysql50#\xFFz", "_z"}}));
  const std::string long_a(70, 'a');
  const auto replaced = replacedTableNames({"#mysql50#" + long_a, "#mysql50#" + long_a + "b"});
  EXPECT_EQ(replaced.at("#mysql50#" + long_a), std::string(64, 'a'));
  EXPECT_EQ(replaced.at("#mysql50#" + long_a + "b"), std::string(60, 'a') + " (2)");
}

TEST(RestoreNamesTest, keepsWithinTheServersLimit) {
  EXPECT_EQ(workingDatabaseName("opendental"), "opendental__enamel_restoring");
  const std::string long_a(60, 'a');
  EXPECT_EQ(workingDatabaseName(long_a).size(), 64U);
  EXPECT_NE(workingDatabaseName(long_a), workingDatabaseName(long_a + "a"));
  EXPECT_NO_THROW(requireDatabaseName(std::string(64, 'a')));
  for (const std::string name :
       {"", "MySQL", "sys", "#mysql50#a-b", "a__enamel_restoring", "a ", "a\nb", "\xF0\x9F\x98\x80"}) {
    EXPECT_THROW(requireDatabaseName(name), Error) << name;
  }
  EXPECT_THROW(requireDatabaseName(std::string(65, 'a')), Error);
}

}  // namespace
}  // namespace enamel::mariadb
