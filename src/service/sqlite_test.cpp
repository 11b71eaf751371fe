#include "service/sqlite.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

class SqliteTest : public testing::Test {
 protected:
  void SetUp() override {
    database_.executeScript("CREATE TABLE t (id INTEGER PRIMARY KEY, value ANY) STRICT");
  }
  std::int64_t rows() { return database_.integer("SELECT count(*) FROM t").value_or(-1); }
  void insert(std::int64_t id) { database_.execute("INSERT INTO t (id) VALUES (?)", {id}); }

  TempDirectory folder_;
  Database database_{folder_.path() / "state.db"};
};

TEST_F(SqliteTest, ValuesComeBackAsTheyWere) {
  const std::string odd("'; DROP TABLE t; --\0 \xFF", 23);
  const std::vector<Value> values = {std::monostate(), std::int64_t{7}, odd,
                                     Bytes{0, 1, 255}, Bytes(),         std::string()};
  for (const Value& value : values) database_.execute("INSERT INTO t (value) VALUES (?)", {value});
  std::vector<Value> found;
  database_.query("SELECT value, typeof(value) FROM t ORDER BY id", {}, [&](const Row& row) {
    const std::string type = row.text(1);
    if (type == "null") found.emplace_back();
    if (type == "integer") found.emplace_back(row.integer(0));
    if (type == "text") found.emplace_back(row.text(0));
    if (type == "blob") found.emplace_back(row.blob(0));
  });
  EXPECT_EQ(found, values);
}

TEST_F(SqliteTest, AnyTextAndNumberComeBack) {
  EXPECT_TRUE(rc::check([&](const std::string& text, std::int64_t number) {
    std::string text_back;
    std::int64_t number_back = 0;
    database_.query("SELECT ?, ?", {text, number}, [&](const Row& row) {
      text_back = row.text(0);
      number_back = row.integer(1);
    });
    RC_ASSERT(text_back == text);
    RC_ASSERT(number_back == number);
  }));
}

TEST_F(SqliteTest, ColumnsOfAnotherTypeAreDamage) {
  const auto ask = [&](const std::function<void(const Row&)>& read) {
    return errorCodeOf([&] { database_.query("SELECT 'text', NULL, 1", {}, read); });
  };
  EXPECT_EQ(ask([](const Row& row) { row.integer(0); }), ErrorCode::kCorrupt);
  EXPECT_EQ(ask([](const Row& row) { row.text(1); }), ErrorCode::kCorrupt);
  EXPECT_EQ(ask([](const Row& row) { row.blob(2); }), ErrorCode::kCorrupt);
  database_.query("SELECT 'text', NULL, 1", {}, [](const Row& row) {
    EXPECT_EQ(row.textIfAny(0), "text");
    EXPECT_EQ(row.textIfAny(1), std::nullopt);
    EXPECT_EQ(row.integerIfAny(2), 1);
  });
}

TEST_F(SqliteTest, WhatATransactionThrowsUndoesIt) {
  EXPECT_THROW(database_.transaction([&] {
    insert(1);
    EXPECT_TRUE(database_.inTransaction());
    throw std::runtime_error("changed my mind");
  }),
               std::runtime_error);
  EXPECT_FALSE(database_.inTransaction());
  EXPECT_EQ(rows(), 0);
  database_.transaction([&] { insert(1); });
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteTest, AFailedStatementUndoesItsTransaction) {
  insert(1);
  EXPECT_EQ(errorCodeOf([&] {
              database_.transaction([&] {
                insert(2);
                insert(1);
              });
            }),
            ErrorCode::kExists);
  EXPECT_EQ(rows(), 1);
  insert(3);  // and the connection goes on working
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteTest, AStatementMayRunWithinItself) {
  for (std::int64_t id = 1; id <= 3; ++id) insert(id);
  std::int64_t seen = 0;
  const std::string_view sql = "SELECT id FROM t ORDER BY id";
  database_.query(sql, {}, [&](const Row&) { database_.query(sql, {}, [&](const Row&) { ++seen; }); });
  EXPECT_EQ(seen, 9);
}

TEST_F(SqliteTest, WhatARowsReaderThrowsEndsTheQuery) {
  for (std::int64_t id = 1; id <= 3; ++id) insert(id);
  int seen = 0;
  EXPECT_THROW(database_.query("SELECT id FROM t", {},
                               [&](const Row&) {
                                 ++seen;
                                 throw std::runtime_error("enough");
                               }),
               std::runtime_error);
  EXPECT_EQ(seen, 1);
  insert(4);
  EXPECT_EQ(rows(), 4);
}

// Lost updates would show if statements of two threads came between one another.
TEST_F(SqliteTest, TransactionsOfThreadsTakeTurns) {
  database_.execute("INSERT INTO t (id, value) VALUES (1, 0)");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        database_.transaction([&] {
          const std::int64_t value = database_.integer("SELECT value FROM t WHERE id = 1").value_or(0);
          database_.execute("UPDATE t SET value = ? WHERE id = 1", {value + 1});
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(database_.integer("SELECT value FROM t WHERE id = 1"), 100);
}

TEST_F(SqliteTest, CommitsAreOnTheDiskInAWriteAheadLog) {
  std::string mode;
  database_.query("PRAGMA journal_mode", {}, [&](const Row& row) { mode = row.text(0); });
  EXPECT_EQ(mode, "wal");
  EXPECT_EQ(database_.integer("PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(database_.integer("PRAGMA foreign_keys"), 1);
}

TEST_F(SqliteTest, TheFileAndThoseBesideItAreForTheirOwnerOnly) {
  for (const char* name : {"state.db", "state.db-wal", "state.db-shm"})
    EXPECT_EQ(modeOf(folder_.path() / name), 0600) << name;
}

TEST(Sqlite, WhatIsThereIsThereAgain) {
  const TempDirectory folder;
  {
    Database(folder.path() / "db")
        .executeScript("CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (5)");
  }
  EXPECT_EQ(Database(folder.path() / "db").integer("SELECT x FROM t"), 5);
}

TEST(Sqlite, AFileThatIsNoDatabaseIsDamageAndStays) {
  const TempDirectory folder;
  const std::string text(4096, 'x');
  writeText(folder.path() / "db", text);
  EXPECT_EQ(errorCodeOf([&] { const Database database(folder.path() / "db"); }), ErrorCode::kCorrupt);
  EXPECT_EQ(fileText(folder.path() / "db"), text);
}

TEST(Sqlite, AFolderThatIsNotThereIsNamed) {
  const TempDirectory folder;
  const std::string text = errorTextOf([&] { const Database database(folder.path() / "no" / "db"); });
  EXPECT_NE(text.find((folder.path() / "no/db").string()), std::string::npos) << text;
}

}  // namespace
}  // namespace enamel::service
