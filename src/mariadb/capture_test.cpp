#include "mariadb/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CaptureTest : public CaptureFixture {};

TEST_F(CaptureTest, takesMyIsamTablesAsTheirFilesAndGivesThemBack) {
  fill("patient", 3000);
  fill("payment", 100);
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty()) << result.warnings.front();
  ASSERT_EQ(result.manifest.tables.size(), 2U);
  const ManifestTable& patient = *result.manifest.find("patient");
  EXPECT_EQ(patient.form, TableForm::kFiles);
  EXPECT_EQ(patient.rows, 3000U);
  EXPECT_EQ(result.manifest.lock_method, "BACKUP STAGE");
  EXPECT_GT(result.manifest.lock_seconds, 0);
  EXPECT_LT(node(result, "practice/patient.MYI")->size, 4096U);
  EXPECT_EQ(node(result, "practice/patient.MYD")->size,
            std::filesystem::file_size(databaseFolder() / "patient.MYD"));
  expectRestores(result);
}

TEST_F(CaptureTest, keepsIndexesWhenAsked) {
  fill("patient", 3000);
  options_.indexes = Indexes::kKeep;
  const CaptureResult result = capture();
  EXPECT_EQ(result.manifest.find("patient")->form, TableForm::kFilesKeyed);
  EXPECT_EQ(node(result, "practice/patient.MYI")->size,
            std::filesystem::file_size(databaseFolder() / "patient.MYI"));
  expectRestores(result);
}

TEST_F(CaptureTest, takesInnoDbAsRowsOfOneSnapshot) {
  fill("patient", 5000, "InnoDB");
  fill("payment", 200);
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("patient")->form, TableForm::kRows);
  EXPECT_EQ(result.manifest.find("patient")->rows, 5000U);
  EXPECT_EQ(result.manifest.find("payment")->form, TableForm::kFiles);
  expectRestores(result);
}

TEST_F(CaptureTest, storesNothingAgainWhenNothingChanged) {
  fill("patient", 3000);
  fill("visit", 300, "InnoDB");
  const CaptureResult first = capture();
  age();
  capture();  // now the first one's instant is well after the last change
  const CaptureResult again = capture();
  EXPECT_EQ(again.stats.files_new, 0U);
  EXPECT_EQ(again.stats.files_changed, 1U) << "the manifest, and nothing else";
  EXPECT_EQ(again.manifest.rowCount(), first.manifest.rowCount());
  EXPECT_LT(added_bytes_, 16U << 10);
  expectRestores(again);
}

TEST_F(CaptureTest, aChangedRowCostsAChunk) {
  fill("patient", 60000);
  capture();
  sql().execute("UPDATE patient SET amount = 1234.5 WHERE id = 30000");
  const CaptureResult result = capture();
  EXPECT_LT(added_bytes_, (64U << 10) + (32U << 10));
  expectRestores(result);
}

TEST_F(CaptureTest, seesChangesThatFileTimesDoNotShow) {
  sql().execute("SET GLOBAL myisam_use_mmap = ON");
  fill("patient", 5000);
  capture();
  sql().execute("UPDATE patient SET amount = 77 WHERE id = 1");
  const CaptureResult result = capture();
  sql().execute("SET GLOBAL myisam_use_mmap = OFF");
  expectRestores(result);
}

TEST_F(CaptureTest, takesTablesWithAnyLegalName) {
  const std::vector<std::string> names{"a-b",       "a/b.c", "aux",   "Größe €", "日本",
                                       "tick`tick", "a b",   "x#P#y", "-$-",     "tab\tand\nline"};
  for (const char* engine : {"MyISAM", "InnoDB"})
    for (const std::string& name : names)
      run({"CREATE TABLE " + quoteName(name + engine) + " (`a``b` INT, `col name` TEXT) ENGINE=" + engine,
           "INSERT INTO " + quoteName(name + engine) + " VALUES (1, 'one'), (2, NULL)"});
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.tables.size(), 2 * names.size());
  expectRestores(result);
}

TEST_F(CaptureTest, takesADatabaseWithAnOddName) {
  useDatabase("odd-name/Zähne.1");
  fill("patient", 10);
  fill("visit", 10, "InnoDB");
  const CaptureResult result = capture();
  EXPECT_EQ(result.manifest.database, "odd-name/Zähne.1");
  EXPECT_TRUE(node(result, "odd@002dname@002fZ@0khne@002e1.sql"));
  expectRestores(result);
}

TEST_F(CaptureTest, takesPartitionedTables) {
  run({"CREATE TABLE log (id INT PRIMARY KEY, t TEXT) ENGINE=MyISAM PARTITION BY HASH (id) PARTITIONS 3",
       "INSERT INTO log SELECT seq, REPEAT('a', seq % 50) FROM seq_1_to_1000"});
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("log")->rows, 1000U);
  EXPECT_TRUE(node(result, "practice/log#P#p1.MYD"));
  expectRestores(result);
}

TEST_F(CaptureTest, takesEveryTypeOfColumnBitByBit) {
  const std::string columns =
      "(id INT AUTO_INCREMENT PRIMARY KEY, ti TINYINT UNSIGNED, bi BIGINT UNSIGNED, de DECIMAL(30,10), fl "
      "FLOAT, "
      "fm FLOAT(7,3), db DOUBLE, bt BIT(13), da DATE, dt DATETIME(6), ts TIMESTAMP(3) NULL, tm TIME(2), yr "
      "YEAR, "
      "ch CHAR(10) CHARACTER SET latin1, vc VARCHAR(50) CHARACTER SET utf8mb3, v4 VARCHAR(50), u2 "
      "VARCHAR(20) "
      "CHARACTER SET ucs2, bn BINARY(8), vb VARBINARY(300), tx MEDIUMTEXT, bl LONGBLOB, en "
      "ENUM('a','ä','c'), "
      "st SET('x','y','z'), ge GEOMETRY, js JSON, i6 INET6, uu UUID, inv INT INVISIBLE DEFAULT 3, "
      "g1 INT AS (ti + 1) VIRTUAL, g2 INT AS (ti * 2) STORED)";
  for (const char* engine : {"MyISAM", "InnoDB"}) {
    const std::string table = std::string("all_") + engine;
    run({"CREATE TABLE " + table + columns + " CHARACTER SET utf8mb4 ENGINE=" + engine,
         "INSERT INTO " + table + " (ti) VALUES (NULL)",
         "INSERT INTO " + table +
             " (ti, bi, de, fl, fm, db, bt, da, dt, ts, tm, yr, ch, vc, v4, u2, bn, vb, tx, bl, en, st, ge, "
             "js, i6, uu, inv) "
             "VALUES (200, 18446744073709551615, -12345678901234567890.0123456789, 1.1e-7, 12.345, 0.1e-300, "
             "b'1000000000001', "
             "'0000-00-00', '0001-01-01 00:00:00.123456', '2026-10-25 00:30:00.5', '-838:59:58.99', 1901, "
             "'é', "
             "'a\\tb\\nc\\\\d', '😀 \\0 end', 'ü', x'0001090a5c000000', x'00', '\\\\N', "
             "x'000102090a0d5c27221a', 'ä', 'x,z', "
             "POINT(1, 2), '{\"a\": 1}', '::1', '123e4567-e89b-12d3-a456-426655440000', 9)",
         "INSERT INTO " + table +
             " (fl, db, da, dt, vb, bl, en) VALUES (16777217, 3.4028234663852886e38, '9999-12-31', "
             "'0000-00-00 00:00:00', '', (SELECT GROUP_CONCAT(CHAR(seq) SEPARATOR '') FROM seq_0_to_255), "
             "'c')",
         "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'", "INSERT INTO " + table + " (id, ti) VALUES (0, 0)",
         "SET sql_mode = ''"});
  }
  const CaptureResult files = capture();
  EXPECT_THAT(files.errors, IsEmpty());
  expectRestores(files);
  options_.rows_only = true;
  const CaptureResult rows = capture();
  EXPECT_THAT(rows.errors, IsEmpty());
  EXPECT_EQ(rows.manifest.find("all_MyISAM")->form, TableForm::kRows);
  expectRestores(rows);
}

TEST_F(CaptureTest, takesAllEnginesWithRows) {
  fill("aria", 50, "Aria");
  fill("memory", 50, "MEMORY");
  run({"CREATE TABLE csv (a INT NOT NULL, b VARCHAR(20) NOT NULL) ENGINE=CSV",
       "INSERT INTO csv VALUES (1, 'x,\"y')"});
  fill("isam", 50);
  run(
      {"CREATE TABLE both_of_it (id INT NOT NULL AUTO_INCREMENT, name VARCHAR(200), amount DOUBLE, KEY (id)) "
       "ENGINE=MERGE UNION=(isam)",
       "CREATE SEQUENCE numbers START WITH 100", "DO NEXTVAL(numbers)"});
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.lock_method, "FLUSH TABLES WITH READ LOCK");
  EXPECT_EQ(result.manifest.find("aria")->rows, 50U);
  EXPECT_EQ(result.manifest.find("memory")->form, TableForm::kRows);
  EXPECT_EQ(result.manifest.find("isam")->form, TableForm::kFiles);
  EXPECT_EQ(result.manifest.find("both_of_it")->form, TableForm::kDefinition);
  EXPECT_THAT(*file(result, "practice/numbers.sql"), HasSubstr("SETVAL(`numbers`, 1"));
}

TEST_F(CaptureTest, sequencesKeepHowTheyCount) {
  run({"CREATE SEQUENCE numbers START WITH 500 MINVALUE 500 MAXVALUE 900 INCREMENT BY 10 NOCACHE CYCLE",
       "CREATE SEQUENCE cached START WITH 500 MINVALUE 500 MAXVALUE 900 INCREMENT BY 10 CYCLE",
       "CREATE SEQUENCE used_up START WITH 1 MINVALUE 1 MAXVALUE 3 NOCACHE ENGINE=MyISAM"});
  for (const char* name : {"numbers", "cached", "used_up"})
    for (int i = 0; i < 3; ++i) sql().queryValue(std::string("SELECT NEXTVAL(") + name + ")");
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("used_up")->form, TableForm::kDefinition);
  const std::string script = *file(result, "practice/numbers.sql");
  EXPECT_THAT(script, HasSubstr("minvalue 500 maxvalue 900 increment by 10"));
  EXPECT_THAT(script, HasSubstr(" cycle "));
  EXPECT_THAT(script, HasSubstr("SETVAL(`numbers`, 530, 0, 0)"));
  RestoreDatabaseOptions restore;
  restore.as = "numbers_again";
  EXPECT_THAT(restoreCaptured(result, restore).errors, IsEmpty());
  EXPECT_EQ(sql().queryValue("SELECT NEXTVAL(numbers_again.numbers)"), "530");
  for (int i = 0; i < 37; ++i) sql().queryValue("SELECT NEXTVAL(numbers_again.numbers)");
  EXPECT_EQ(sql().queryValue("SELECT NEXTVAL(numbers_again.numbers)"), "500") << "after 900";
  EXPECT_EQ(sql().queryValue("SELECT NEXTVAL(numbers_again.cached)"), "500")
      << "the server had all of the first round in its cache";
  EXPECT_THROW(sql().queryValue("SELECT NEXTVAL(numbers_again.used_up)"), Error);
}

TEST_F(CaptureTest, filesThatLieBesideAnotherEnginesTableAreNotItsRows) {
  fill("old", 500);
  fill("patient", 20, "InnoDB");
  sql().execute("FLUSH TABLES");
  for (const char* ending : {".MYD", ".MYI"})
    std::filesystem::copy_file(databaseFolder() / (std::string("old") + ending),
                               databaseFolder() / (std::string("patient") + ending));
  const CaptureResult result = capture();
  // DROP DATABASE would stumble over them.
  for (const char* ending : {".MYD", ".MYI"})
    std::filesystem::remove(databaseFolder() / (std::string("patient") + ending));
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("patient")->form, TableForm::kRows);
  EXPECT_EQ(result.manifest.find("patient")->rows, 20U);
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("patient.MYD lies in the data folder")));
  expectRestores(result);
}

TEST_F(CaptureTest, filesCopiedIntoTheFolderByHandAreWarnedOf) {
  fill("patient", 20);
  sql().execute("FLUSH TABLES");
  for (const char* ending : {".frm", ".MYD", ".MYI"})
    std::filesystem::copy_file(databaseFolder() / (std::string("patient") + ending),
                               databaseFolder() / (std::string("patient - Copy") + ending));
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("#mysql50#patient - Copy")->rows, 20U);
  EXPECT_THAT(result.manifest.warnings, ::testing::Contains(HasSubstr("table #mysql50#patient - Copy: ")));
}

TEST_F(CaptureTest, takesViewsTriggersRoutinesAndEvents) {
  fill("patient", 10);
  run({"CREATE VIEW z_first AS SELECT id, name FROM patient",
       "CREATE VIEW a_second AS SELECT id FROM z_first",
       "CREATE TRIGGER t1 BEFORE INSERT ON patient FOR EACH ROW BEGIN SET NEW.amount = 1; SET NEW.name = "
       "';;'; END",
       "CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
       "CREATE PROCEDURE p() BEGIN SELECT 'ü'; END",
       "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM patient WHERE id < 0"});
  const CaptureResult result = capture();
  EXPECT_EQ(result.manifest.views, 2U);
  EXPECT_EQ(result.manifest.triggers, 1U);
  EXPECT_EQ(result.manifest.routines, 2U);
  EXPECT_EQ(result.manifest.events, 1U);
  const std::string script = *file(result, "practice.sql");
  EXPECT_LT(script.find("VIEW `z_first`"), script.find("VIEW `a_second`"));
  EXPECT_THAT(*file(result, "accounts.sql"), HasSubstr("CREATE USER IF NOT EXISTS"));
  expectRestores(result);
}

TEST_F(CaptureTest, saysWhichViewsDoNotWorkAsTheyAre) {
  fill("patient", 10);
  run({"CREATE TABLE gone (a INT)", "CREATE VIEW broken AS SELECT a FROM gone",
       "CREATE VIEW works AS SELECT id FROM patient", "DROP TABLE gone"});
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.manifest.broken_views, ::testing::ElementsAre("broken"));
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("view broken does not work")));
  EXPECT_THAT(*file(result, "practice.sql"), HasSubstr("VIEW `broken`"));
}

TEST_F(CaptureTest, takesARowOf64MiB) {
  run({"CREATE TABLE document (id INT PRIMARY KEY, bytes LONGBLOB) ENGINE=MyISAM",
       "INSERT INTO document VALUES (1, 'small'), (2, REPEAT(x'00010203090a5c41', 8388608)), (3, 'small')"});
  options_.rows_only = true;
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("document")->rows, 3U);
  std::string row = "2\t";
  for (int i = 0; i < 8388608; ++i) row += std::string("\\0\1\2\3\\\t\\\n\\\\A", 12);
  const std::string text = *file(result, "practice/document.txt");
  EXPECT_EQ(text.size(), 8 + row.size() + 1 + 8);
  EXPECT_TRUE(text == "1\tsmall\n" + row + "\n3\tsmall\n");
}

TEST_F(CaptureTest, readsUnchangedTablesFromTheParentWithoutTheDataFolder) {
  fill("patient", 2000);
  fill("payment", 100);
  options_.rows_only = true;
  capture();
  age();
  sql().execute("INSERT INTO payment (name) VALUES ('x')");
  capture();
  const std::uint64_t before = progress_.bytes_done;
  const CaptureResult result = capture();
  EXPECT_LT(progress_.bytes_done - before, 10000U) << "patient was not read";
  EXPECT_EQ(result.manifest.find("patient")->rows, 2000U);
  expectRestores(result);
}

TEST_F(CaptureTest, emptyDatabasesAndTablesAreFine) {
  EXPECT_THAT(capture().errors, IsEmpty());
  fill("patient", 1);
  fill("visit", 1, "InnoDB");
  run({"DELETE FROM patient", "DELETE FROM visit", "TRUNCATE patient"});
  const CaptureResult result = capture();
  EXPECT_EQ(result.manifest.rowCount(), 0U);
  expectRestores(result);
}

}  // namespace
}  // namespace enamel::mariadb
