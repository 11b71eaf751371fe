// Tables that a server shows and cannot make again as they are.
#include "mariadb/restore_count.h"
#include "mariadb/testing/restore_fixture.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RestoreTest;
using testing::runSql;
using testing::storeByHand;

// A database of the source server for one test.
class OddTablesTest : public RestoreTest {
 protected:
  void SetUp() override { runSql(source_->address(), "", "CREATE DATABASE odd"); }
  void TearDown() override {
    runSql(source_->address(), "", "DROP DATABASE odd");
    RestoreTest::TearDown();
  }
  static void run(const std::string& sql) { runSql(source_->address(), "odd", sql); }
  static void copyTable(const std::string& from, const std::string& to) {
    run("FLUSH TABLES");
    testing::copyTableFiles(source_->dataFolder() / "odd", from, to);
  }
};

TEST_F(OddTablesTest, aTableThatWasCopiedByHandRestoresUnderALegalName) {
  run("CREATE TABLE patient (id INT PRIMARY KEY, v VARCHAR(10)) ENGINE=MyISAM;\n"
      "INSERT INTO patient VALUES (1, 'a'), (2, 'b');\n"
      "CREATE TABLE `Patient (2)` (id INT) ENGINE=MyISAM");
  for (const char* name : {"patient - Copy", "patient (2)", "Kopie von patiént"}) copyTable("patient", name);
  const TempDirectory elsewhere;
  struct Way {
    const char* name;
    testing::HandSnapshotOptions store;
    RestoreDatabaseOptions restore;
  };
  for (const Way& way :
       {Way{"files", {}, {}}, Way{"keyed", {.keep_indexes = true}, {}}, Way{"rows", {.rows_only = true}, {}},
        Way{"streamed", {}, {.data_folder = elsewhere.path()}}}) {
    SCOPED_TRACE(way.name);
    RestoreDatabaseOptions options = way.restore;
    options.as = way.name;
    const RestoreDatabaseResult result =
        restore(storeByHand(*repository_, *source_, "odd", way.store), options);
    EXPECT_THAT(result.errors, IsEmpty());
    EXPECT_EQ(result.tables, 5U);
    EXPECT_THAT(result.warnings, Contains(HasSubstr("is called patient - Copy in the restored database")));
    EXPECT_EQ(result.renamed.at("#mysql50#patient (2)"), "patient (2) (2)");
    EXPECT_EQ(
        value("SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE "
              "TABLE_SCHEMA = '" +
              options.as + "'"),
        "Kopie von patiént,patient,Patient (2),patient (2) (2),patient - Copy");
    for (const char* table : {"patient - Copy", "patient (2) (2)", "Kopie von patiént"}) {
      EXPECT_EQ(
          value("SELECT GROUP_CONCAT(v ORDER BY id) FROM " + qualified(options.as, table) + " WHERE id > 0"),
          "a,b");
    }
  }
}

TEST_F(OddTablesTest, aRestoreThatWasCutOffClearsTheCopiesToo) {
  run("CREATE TABLE patient (id INT PRIMARY KEY) ENGINE=MyISAM");
  copyTable("patient", "patient - Copy");
  const auto tree = storeByHand(*repository_, *source_, "odd");
  cutOff(tree, "promote");
  EXPECT_THAT(restore(tree, {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(databases(), ElementsAre("copy"));
}

// The header of a table's indexes, which the manifest has its rows from, counts the history as well.
TEST_F(OddTablesTest, aTableWithItsHistoryIsWhole) {
  run("CREATE TABLE fee (id INT PRIMARY KEY, v INT) ENGINE=MyISAM WITH SYSTEM VERSIONING;\n"
      "INSERT INTO fee VALUES (1, 1), (2, 2);\nUPDATE fee SET v = 3;\nDELETE FROM fee WHERE id = 1");
  const auto tree =
      storeByHand(*repository_, *source_, "odd",
                  {.change_manifest = [](Manifest& manifest) { manifest.tables.at(0).rows = 4; }});
  const RestoreDatabaseResult result = restore(tree, {.as = "copy"});
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_EQ(result.rows, 4U);
  Connection connection = openRestoreConnection(target_->address());
  EXPECT_EQ(countRestoredRows(connection, "copy", "fee", TableForm::kFiles), "4");
  EXPECT_EQ(countRestoredRows(connection, "copy", "fee", TableForm::kRows), "1");

  const TempDirectory elsewhere;
  const RestoreDatabaseResult streamed = restore(tree, {.as = "streamed", .data_folder = elsewhere.path()});
  EXPECT_THAT(streamed.errors, IsEmpty());
  EXPECT_THAT(streamed.warnings,
              Contains(HasSubstr("table fee: the 3 rows of its history are not restored")));
  EXPECT_EQ(value("SELECT v FROM streamed.fee"), "3");
}

// BLACKHOLE is a plugin that these servers do not load.
TEST_F(OddTablesTest, aTableOfAnEngineThatIsMissingIsLeftOutWhereOnlyItsDefinitionIsThere) {
  run("CREATE TABLE t (id INT) ENGINE=InnoDB;\nCREATE TABLE far (id INT) ENGINE=InnoDB");
  testing::HandSnapshotOptions options;
  options.change_file = [](const std::string& name, std::string& content) {
    if (name == "far.sql") content.replace(content.find("ENGINE=InnoDB"), 13, "ENGINE=BLACKHOLE");
  };
  options.change_manifest = [](Manifest& manifest) {
    for (ManifestTable& table : manifest.tables) {
      if (table.name != "far") continue;
      table.form = TableForm::kDefinition;
      table.engine = "BLACKHOLE";
    }
  };
  const auto tree = storeByHand(*repository_, *source_, "odd", options);
  const RestoreDatabaseResult result = restore(tree, {.as = "copy"});
  EXPECT_THAT(result.errors,
              ElementsAre(HasSubstr("table far: this server does not have its engine (BLACKHOLE)")));
  EXPECT_EQ(result.tables, 1U);
  EXPECT_EQ(
      value("SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'copy'"),
      "t");
  // A drill's own server lacks engines that the practice's need not lack.
  const RestoreDatabaseResult drilled = restore(tree, {.as = "drilled", .keep_going = true});
  EXPECT_THAT(drilled.errors, IsEmpty());
  EXPECT_THAT(drilled.warnings, Contains(HasSubstr("table far: this server does not have its engine")));
}

TEST_F(OddTablesTest, aStreamedTableOfAnotherEngineIsNamed) {
  run("CREATE TABLE `t` (id INT) ENGINE=MyISAM");
  const auto tree = storeByHand(*repository_, *source_, "odd");
  runSql(target_->address(), "", "SET GLOBAL enforce_storage_engine = 'Aria'");
  const TempDirectory elsewhere;
  const RestoreDatabaseResult result = restore(tree, {.as = "copy", .data_folder = elsewhere.path()});
  runSql(target_->address(), "", "SET GLOBAL enforce_storage_engine = NULL");
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, Contains(HasSubstr("table t: ")));
}

TEST_F(OddTablesTest, compressedColumnsStayCompressed) {
  run("CREATE TABLE c (id INT, t TEXT COMPRESSED) ENGINE=InnoDB;\nINSERT INTO c VALUES (1, REPEAT('x', "
      "1000))");
  EXPECT_THAT(restore(storeByHand(*repository_, *source_, "odd"), {.as = "copy"}).errors, IsEmpty());
  EXPECT_THAT(value("SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'copy' AND "
                    "COLUMN_NAME = 't'"),
              HasSubstr("COMPRESSED"));
  EXPECT_EQ(value("SELECT LENGTH(t) FROM copy.c"), "1000");
}

// Beside the practice's database, whose rows they would change.
TEST_F(OddTablesTest, aCopyDoesNothingByItself) {
  run("CREATE TABLE t (id INT) ENGINE=MyISAM;\n"
      "CREATE EVENT clean ON SCHEDULE EVERY 1 DAY DO DELETE FROM odd.t;\n"
      "CREATE EVENT off ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM t;\n"
      "CREATE TRIGGER far BEFORE INSERT ON t FOR EACH ROW INSERT INTO `Odd`.t VALUES (2);\n"
      "CREATE TRIGGER near BEFORE DELETE ON t FOR EACH ROW SET @a = 1");
  const auto tree = storeByHand(*repository_, *source_, "odd");
  const RestoreDatabaseResult result = restore(tree, {.as = "copy"});
  EXPECT_THAT(result.errors, ElementsAre(HasSubstr("trigger far names the database odd in its body")));
  EXPECT_THAT(result.warnings, Contains(::testing::AllOf(HasSubstr("event clean is switched off"),
                                                         HasSubstr("which it names in its body"))));
  const auto states = [](const std::string& database) {
    return value(
        "SELECT GROUP_CONCAT(EVENT_NAME, '=', STATUS ORDER BY EVENT_NAME) FROM information_schema.EVENTS "
        "WHERE "
        "EVENT_SCHEMA = '" +
        database + "'");
  };
  EXPECT_EQ(states("copy"), "clean=DISABLED,off=DISABLED");
  EXPECT_EQ(
      value(
          "SELECT GROUP_CONCAT(TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'copy'"),
      "near");
  // Under its own name it is the practice's database again.
  const RestoreDatabaseResult again = restore(tree);
  EXPECT_THAT(again.errors, IsEmpty());
  EXPECT_THAT(again.warnings, IsEmpty());
  EXPECT_EQ(states("odd"), "clean=ENABLED,off=DISABLED");
}

// Before the tables get their name, and after the last of them was written, whichever way it came.
TEST_F(OddTablesTest, everythingIsOnTheDiskBeforeItHasItsName) {
  run("CREATE TABLE m (id INT) ENGINE=MyISAM;\nINSERT INTO m VALUES (1)");
  const auto phasesOf = [&](const testing::HandSnapshotOptions& store, RestoreDatabaseOptions options) {
    std::string phases;
    options.as = "copy";
    options.on_phase = [&](std::string_view phase) { phases += std::string(phase) + " "; };
    EXPECT_THAT(restore(storeByHand(*repository_, *source_, "odd", store), options).errors, IsEmpty());
    runSql(target_->address(), "", "DROP DATABASE copy");
    return phases;
  };
  EXPECT_EQ(phasesOf({}, {}), "files indexes sync promote definitions finish ");
  EXPECT_EQ(phasesOf({.rows_only = true}, {}), "files rows sync promote definitions finish ");
  EXPECT_EQ(phasesOf({}, {.rows_only = true}), "files rows sync promote definitions finish ");
  EXPECT_EQ(phasesOf({}, {.durable = false}), "files indexes promote definitions finish ");
}

}  // namespace
}  // namespace enamel::mariadb
