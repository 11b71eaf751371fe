#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/restore.h"
#include "mariadb/restore_names.h"
#include "mariadb/restore_session.h"
#include "mariadb/testing/hand_snapshot.h"

namespace enamel::mariadb::testing {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// MyISAM in most of the forms it has, and everything beside tables that a database can hold.
inline constexpr const char* kPractice = R"(
CREATE TABLE patient (PatNum BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, LName VARCHAR(100), Note TEXT,
  Birthdate DATE NOT NULL DEFAULT '0001-01-01', KEY(LName), FULLTEXT(Note)) ENGINE=MyISAM CHARACTER SET
  utf8;
INSERT INTO patient (LName, Note) SELECT CONCAT('Müller ', seq), REPEAT('note ', seq % 50) FROM
  seq_1_to_3000;
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
CREATE TABLE generated (id INT PRIMARY KEY, a INT, v INT AS (a + 1) VIRTUAL, s INT AS (a * 2) STORED,
  KEY(v)) ENGINE=MyISAM;
INSERT INTO generated (id, a) SELECT seq, seq FROM seq_1_to_100;
CREATE TABLE nothing (id INT PRIMARY KEY) ENGINE=MyISAM;
CREATE TABLE latin (id INT, t VARCHAR(50), b VARBINARY(50), l LONGBLOB, bits BIT(16) NOT NULL DEFAULT
  2652) ENGINE=MyISAM CHARACTER SET latin1;
INSERT INTO latin (id, t, b, l) VALUES (1, 'Zürich', UNHEX('00010A0D095C27FF'), NULL), (2, NULL, '',
  'x\ty\nz\\');
CREATE TABLE ino (id BIGINT NOT NULL PRIMARY KEY AUTO_INCREMENT, t VARCHAR(80), d DOUBLE, ts TIMESTAMP
  NULL, w DOUBLE AS (d * 2) STORED, KEY(t)) ENGINE=InnoDB CHARACTER SET utf8mb4;
INSERT INTO ino (t, d, ts) SELECT CONCAT('row 😀 ', seq), seq / 3, '2020-03-29 01:30:00' FROM seq_1_to_2000;
CREATE TABLE child (id INT PRIMARY KEY, parent BIGINT, FOREIGN KEY (parent) REFERENCES ino (id))
  ENGINE=InnoDB;
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

inline PrivateServer startServer(const fs::path& folder, std::uint16_t tcp_port = 0) {
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

  static inline TempDirectory* folder_ = nullptr;
  static inline PrivateServer* source_ = nullptr;
  static inline PrivateServer* target_ = nullptr;
  MemoryRepository repository_;
  CancelToken cancel_;
};

}  // namespace enamel::mariadb::testing
