// Values that a column holds but its own text does not give back: captured row by row and restored, they must
// be the same to the last bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mariadb/member_list.h"
#include "mariadb/restore_rows.h"
#include "mariadb/restore_session.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MemberListTest, readsWhatTheServerWrites) {
  EXPECT_THAT(listMembers("enum('a','it''s','')"), ElementsAre("a", "it's", ""));
  EXPECT_THAT(listMembers(R"(set('a\\b','x,y'))"), ElementsAre("a\\b", "x,y"));
  EXPECT_THAT(listMembers("enum('')"), ElementsAre(""));
  EXPECT_THAT(listMembers("varchar(9)"), IsEmpty());
}

TEST(MemberListTest, aNumberIsNeverTheNameOfAMember) {
  EXPECT_EQ(numberText(0, {"a"}), "0");
  EXPECT_EQ(numberText(0, {"0", "00"}), "000");
  EXPECT_EQ(numberText(4, {"4"}), "04");
  EXPECT_EQ(numberText(0, {"0", "00", "000", "0000", "00000"}), "");
}

class OddValuesTest : public CaptureFixture {
 protected:
  // Restores what was captured; every table's rows, as `columns` say them, must be the same.
  void expectSame(const CaptureResult& captured, const RestoreDatabaseOptions& options,
                  const std::vector<std::pair<std::string, std::string>>& tables) {
    const RestoreDatabaseResult restored = restoreCaptured(captured, options);
    EXPECT_THAT(restored.errors, IsEmpty());
    for (const auto& [table, columns] : tables) {
      const std::string select = "SELECT CONCAT_WS('|', " + columns + ") FROM ";
      const auto before = sql().query(select + qualified(database(), table) + " ORDER BY id");
      EXPECT_EQ(sql().query(select + qualified(options.as, table) + " ORDER BY id"), before) << table;
      EXPECT_FALSE(before.empty());
    }
  }
};

TEST_F(OddValuesTest, enumsAndSetsKeepTheirNumbers) {
  for (const char* engine : {"InnoDB", "MyISAM"}) {
    const std::string end = std::string(") CHARACTER SET latin1 ENGINE=") + engine;
    const std::string name = engine == std::string("InnoDB") ? "i" : "m";
    run({"CREATE TABLE plain_" + name + " (id INT PRIMARY KEY, v ENUM('a','b') NOT NULL, n ENUM('x')" + end,
         "INSERT INTO plain_" + name + " VALUES (1, 'a', NULL), (2, 'no such', 'no such'), (3, 'b', 'x')",
         // Names that look like the numbers of others, and '' as a member beside '' as none.
         "CREATE TABLE digits_" + name +
             " (id INT PRIMARY KEY, v ENUM('2','0','1','00') NOT NULL, e ENUM('0','','\u00e4') NOT NULL" +
             end,
         "INSERT INTO digits_" + name +
             " VALUES (1, '2', '0'), (2, '0', ''), (3, '1', '\u00e4'), (4, 'no such', 'no such'), (5, '00', "
             "'')",
         "CREATE TABLE sets_" + name +
             " (id INT PRIMARY KEY, s SET('a','b','1') NOT NULL, e SET('4','a','') NOT NULL, f SET('','1')" +
             end,
         "INSERT INTO sets_" + name +
             " (id, s, e) VALUES (1, '', 0), (2, 'a,1', 4), (3, '1', 6), (4, 'no such', 1), (5, 7, 7)",
         "UPDATE sets_" + name + " SET f = id % 4"});
    EXPECT_EQ(sql().queryValue("SELECT CONCAT_WS(',', v + 0, n + 0) FROM plain_" + name + " WHERE id = 2"),
              "0,0");
    EXPECT_EQ(sql().queryValue("SELECT GROUP_CONCAT(e + 0 ORDER BY id) FROM digits_" + name), "1,2,3,0,2");
    EXPECT_EQ(sql().queryValue("SELECT GROUP_CONCAT(e + 0 ORDER BY id) FROM sets_" + name), "0,4,6,1,7");
  }
  const CaptureResult captured = capture();
  const TempDirectory elsewhere;  // the MyISAM tables are streamed as rows, too
  std::vector<std::pair<std::string, std::string>> tables;
  for (const std::string name : {"i", "m"}) {
    tables.emplace_back("plain_" + name, "id, v + 0, n + 0, HEX(v), n IS NULL");
    tables.emplace_back("digits_" + name, "id, v + 0, e + 0, HEX(v), HEX(e)");
    tables.emplace_back("sets_" + name, "id, s + 0, e + 0, f + 0, HEX(s), HEX(e), HEX(f)");
  }
  expectSame(captured, {.as = "copy", .data_folder = elsewhere.path()}, tables);
}

// A warning of the server's that an empty text does not explain is damage.
TEST_F(OddValuesTest, aValueThatIsInNoListIsStillRefused) {
  sql().execute("CREATE DATABASE refused");
  sql().execute("CREATE TABLE refused.t (id INT PRIMARY KEY, v ENUM('a') NOT NULL, n ENUM('x'))");
  const auto load = [&](std::string text) {
    sql().execute("DELETE FROM refused.t");
    Connection connection = openRestoreConnection(server().address());
    return loadRows(connection, "refused", "t", 2, [&](MutableByteView buffer) {
      const std::size_t n = text.copy(reinterpret_cast<char*>(buffer.data()), buffer.size());
      text.erase(0, n);
      return n;
    });
  };
  EXPECT_EQ(load("1\t\t\\N\n2\ta\tx\n"), "");
  EXPECT_THAT(load("1\tno\t\\N\n2\t\tx\n"), ::testing::HasSubstr("warning 1265 for column v"));
  sql().execute("DROP DATABASE refused");
}

// Backups made before '' was told apart hold it as it reads.
TEST_F(OddValuesTest, anEnumsEmptyTextIsItsNumberZero) {
  run({"CREATE TABLE t (id INT PRIMARY KEY, v ENUM('0','b') NOT NULL) ENGINE=InnoDB",
       "INSERT INTO t VALUES (1, 'no such'), (2, '0'), (3, 'b')"});
  const CaptureResult captured = capture();
  EXPECT_EQ(file(captured, database() + "/t.txt"), "1\t\n2\t0\n3\tb\n");
  expectSame(captured, {.as = "copy"}, {{"t", "id, v + 0"}});
}

TEST_F(OddValuesTest, datesThatAreNoneComeBack) {
  run({"SET sql_mode = 'ALLOW_INVALID_DATES'",
       "CREATE TABLE dates (id INT PRIMARY KEY, d DATE, t DATETIME(3)) ENGINE=InnoDB",
       "INSERT INTO dates VALUES (1, '2020-02-31', '2019-11-31 10:00:00.5'), (2, '0000-00-00', '2020-00-10')",
       "SET sql_mode = ''"});
  expectSame(capture(), {.as = "copy"}, {{"dates", "id, CONCAT(d), CONCAT(t)"}});
}

TEST_F(OddValuesTest, bitsComeBack) {
  for (const char* engine : {"InnoDB", "MyISAM"}) {
    const std::string name = std::string("bits_") + engine;
    run({"CREATE TABLE " + name +
             " (id INT PRIMARY KEY, a BIT(1) NOT NULL, n BIT(1), c BIT(11), d BIT(64)) ENGINE=" + engine,
         "INSERT INTO " + name +
             " VALUES (1, b'0', NULL, b'0', b'0'), (2, b'1', b'1', b'11111111111', ~0),"
             // Bytes that the text escapes: NUL, tab, newline, backslash.
             " (3, b'0', b'0', 0x9, 0x090A5C000D270900), (4, b'1', b'0', 0x5C, 0x5C), (5, 1, 1, 0x309, "
             "0x3000)"});
  }
  const CaptureResult captured = capture();
  const TempDirectory elsewhere;
  const std::string columns = "id, a + 0, n + 0, n IS NULL, c + 0, HEX(d)";
  expectSame(captured, {.as = "copy", .data_folder = elsewhere.path()},
             {{"bits_InnoDB", columns}, {"bits_MyISAM", columns}});
}

}  // namespace
}  // namespace enamel::mariadb
