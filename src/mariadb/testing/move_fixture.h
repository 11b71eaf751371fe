#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/database_move.h"
#include "mariadb/move_plan.h"
#include "mariadb/private_server.h"
#include "mariadb/restore_session.h"
#include "mariadb/table_inventory.h"
#include "mariadb/testing/hand_snapshot.h"

namespace enamel::mariadb::testing {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The database that people work with.
inline constexpr const char* kLive = R"(
CREATE TABLE patient (PatNum INT PRIMARY KEY, LName VARCHAR(50)) ENGINE=MyISAM;
INSERT INTO patient SELECT seq, CONCAT('live ', seq) FROM seq_1_to_200;
CREATE TABLE a_child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES ino (id)) ENGINE=InnoDB;
CREATE TABLE only_live (id INT PRIMARY KEY) ENGINE=MyISAM;
INSERT INTO only_live VALUES (1), (2);
CREATE TABLE watched (id INT PRIMARY KEY, stamp INT) ENGINE=MyISAM;
INSERT INTO watched VALUES (1, 1);
CREATE SEQUENCE numbers;
CREATE TABLE `odd na``me#é` (id INT PRIMARY KEY) ENGINE=InnoDB;
CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1;
CREATE VIEW a_view AS SELECT PatNum, one() AS one FROM b_view;
CREATE VIEW only_live_view AS SELECT * FROM only_live;
CREATE PROCEDURE only_live_procedure() SELECT COUNT(*) FROM only_live;
CREATE TRIGGER stamp BEFORE INSERT ON watched FOR EACH ROW SET NEW.stamp = 10;
CREATE TRIGGER second BEFORE INSERT ON watched FOR EACH ROW SET NEW.stamp = NEW.stamp + 1;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM only_live WHERE id < 0;
CREATE EVENT sleeping ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM only_live WHERE id < 0;
)";
// What was restored of a backup, its events switched off by the restore.
inline constexpr const char* kCopy = R"(
CREATE TABLE patient (PatNum INT PRIMARY KEY, LName VARCHAR(50)) ENGINE=MyISAM;
INSERT INTO patient SELECT seq, CONCAT('copy ', seq) FROM seq_1_to_150;
CREATE TABLE ino (id INT PRIMARY KEY) ENGINE=InnoDB;
INSERT INTO ino VALUES (5);
CREATE TABLE a_child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES ino (id)) ENGINE=InnoDB;
INSERT INTO a_child VALUES (1, 5);
CREATE TABLE watched (id INT PRIMARY KEY, stamp INT) ENGINE=MyISAM;
INSERT INTO watched VALUES (1, 2);
CREATE TABLE only_copy (id INT PRIMARY KEY) ENGINE=InnoDB;
CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 11;
CREATE VIEW b_view AS SELECT PatNum FROM patient WHERE PatNum < 10;
CREATE VIEW a_view AS SELECT PatNum, one() AS one FROM b_view;
CREATE TRIGGER copy.stamp BEFORE INSERT ON copy.watched FOR EACH ROW SET NEW.stamp = 20;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM only_copy WHERE id < 0;
)";

// What a database is: rows, definitions, character set.
inline std::string stateOf(Connection& connection, const std::string& database) {
  std::string state;
  if (!findDatabase(connection, database)) return "no " + database;
  connection.execute("USE " + quoteName(database));
  std::vector<TableInfo> tables = listTables(connection, database);
  for (const TableInfo& table : tables) {
    if (table.kind == TableKind::kView) continue;
    const auto rows = connection.query("CHECKSUM TABLE " + qualified(database, table.name));
    state += table.name + "=" + rows.at(0).at(1).value_or("NULL") + " " +
             showCreate(connection, database, table) + "\n";
  }
  const Definitions definitions = readDefinitions(connection, database, tables);
  EXPECT_THAT(definitions.errors, IsEmpty());
  std::vector<std::string> objects;
  for (const DefinedObject& object : definitions.objects) {
    std::string text = object.statement;
    for (std::size_t at = 0; (at = text.find("copy.")) != std::string::npos;) text.erase(at, 5);
    // A server writes its table's name in quotes once that had another name for a while.
    if (object.type == "TRIGGER") std::erase(text, '`');
    objects.push_back(object.type + " " + object.name + " " + object.sql_mode + " " + text + "\n");
  }
  for (const std::string& object : objects) state += object;
  return state + definitions.character_set + " " + definitions.collation;
}

class DatabaseMoveTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempDirectory;
    start();
  }
  static void TearDownTestSuite() {
    delete server_;
    delete folder_;
  }
  static void start() {
    PrivateServer::Options options;
    options.folder = folder_->path() / "server";
    options.server_options = {"--innodb-buffer-pool-size=32M", "--event-scheduler=OFF"};
    server_ = new PrivateServer(options);
  }
  // The server dies and comes back.
  static void killServer() {
    ::kill(server_->pid(), SIGKILL);
    delete server_;
    start();
  }

  void SetUp() override { makeDatabases(); }
  void TearDown() override {
    Connection connection(server_->address());
    for (const std::string& name : databases()) connection.execute("DROP DATABASE " + quoteName(name));
  }
  void makeDatabases() {
    TearDown();
    runSql(server_->address(), "",
           "CREATE DATABASE live CHARACTER SET utf8;\nCREATE DATABASE copy CHARACTER SET latin1;\n"
           "CREATE TABLE live.ino (id INT PRIMARY KEY) ENGINE=InnoDB;\nINSERT INTO live.ino VALUES (7);\n"
           "CREATE VIEW live.b_view AS SELECT 1 AS PatNum");
    runSql(server_->address(), "live", kLive);
    runSql(server_->address(), "live",
           "CREATE OR REPLACE VIEW b_view AS SELECT PatNum FROM patient WHERE PatNum < 10;\n"
           "INSERT INTO a_child VALUES (3, 7)");
    runSql(server_->address(), "copy", kCopy);
    live_before_ = state("live");
    copy_before_ = state("copy");
  }

  static std::vector<std::string> databases() {
    std::vector<std::string> names;
    for (const StoredRow& row : Connection(server_->address())
                                    .query("SHOW DATABASES WHERE `Database` NOT IN ('mysql', "
                                           "'information_schema', 'performance_schema', 'sys')"))
      names.push_back(row.at(0).value_or(""));
    return names;
  }
  static std::string state(const std::string& database) {
    Connection connection(server_->address());
    return stateOf(connection, database);
  }
  static std::string value(const std::string& sql) {
    return Connection(server_->address()).queryValue(sql).value_or("NULL");
  }
  MoveResult goLive(const MoveOptions& options = {}) {
    Progress progress;
    return makeLive(server_->address(), "live", "copy", "11_29_2026", options, progress, cancel_);
  }
  MoveResult undo(const MoveOptions& options = {}) {
    Progress progress;
    return undoMove(server_->address(), "live", {}, options, progress, cancel_);
  }

  // What must be so once the copy is live, however it came to it.
  void expectLive(const std::string& aside = "livebackup_11_29_2026") {
    EXPECT_THAT(databases(), ElementsAre("live", aside));
    EXPECT_EQ(value("SELECT LName FROM live.patient WHERE PatNum = 1"), "copy 1");
    EXPECT_EQ(value("SELECT COUNT(*) FROM live.patient"), "150");
    EXPECT_EQ(value("SELECT SUM(one) FROM live.a_view"), "99");
    EXPECT_EQ(value("SELECT LName FROM " + aside + ".patient WHERE PatNum = 1"), "live 1");
    EXPECT_EQ(value("SELECT SUM(one) FROM " + aside + ".a_view"), "9");
    EXPECT_EQ(value("SELECT COUNT(*) FROM " + aside + ".only_live_view"), "2");
    runSql(server_->address(), "",
           "INSERT INTO live.watched (id) VALUES (99);\nINSERT INTO " + aside + ".watched (id) VALUES (99)");
    EXPECT_EQ(value("SELECT stamp FROM live.watched WHERE id = 99"), "20");
    EXPECT_EQ(value("SELECT stamp FROM " + aside + ".watched WHERE id = 99"), "11");
    runSql(server_->address(), "",
           "DELETE FROM live.watched WHERE id = 99;\nDELETE FROM " + aside + ".watched WHERE id = 99");
    EXPECT_EQ(value("SELECT GROUP_CONCAT(EVENT_SCHEMA, ' ', EVENT_NAME, ' ', STATUS ORDER BY EVENT_SCHEMA, "
                    "EVENT_NAME) FROM "
                    "information_schema.EVENTS"),
              "live nightly ENABLED," + aside + " nightly DISABLED," + aside + " sleeping DISABLED");
    EXPECT_EQ(value("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'live' AND "
                    "TABLE_NAME IN ('only_live', 'numbers', 'only_live_view')"),
              "0");
    EXPECT_EQ(value("SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = "
                    "'live'"),
              "latin1");
    EXPECT_EQ(value("SELECT GROUP_CONCAT(UNIQUE_CONSTRAINT_SCHEMA ORDER BY UNIQUE_CONSTRAINT_SCHEMA) FROM "
                    "information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = "
                    "UNIQUE_CONSTRAINT_SCHEMA"),
              "live," + aside);
  }
  void expectAsBefore() {
    EXPECT_THAT(databases(), ElementsAre("copy", "live"));
    EXPECT_EQ(state("live"), live_before_);
    EXPECT_EQ(state("copy"), copy_before_);
  }

  static inline TempDirectory* folder_ = nullptr;
  static inline PrivateServer* server_ = nullptr;
  CancelToken cancel_;
  std::string live_before_, copy_before_;
};

}  // namespace enamel::mariadb::testing
