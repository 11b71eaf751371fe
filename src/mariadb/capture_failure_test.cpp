#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "base/error.h"
#include "mariadb/capture.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// How captures fail, and what they do while others write, alter and lock.
class CaptureFailureTest : public CaptureFixture {};

// Runs statements over and over on a connection of its own while it lives.
class Busy {
 public:
  Busy(const Address& address, std::function<void(Connection&, int)> work)
      : thread_([this, address, work = std::move(work)] {
          Connection connection(address);
          for (int i = 0; !stop_; ++i) {
            work(connection, i);
            ++rounds_;
          }
        }) {
    while (rounds_ < 3) std::this_thread::yield();
  }
  ~Busy() {
    stop_ = true;
    thread_.join();
  }
  int rounds() const { return rounds_; }

 private:
  std::atomic<bool> stop_{false};
  std::atomic<int> rounds_{0};
  std::thread thread_;
};

TEST_F(CaptureFailureTest, keepsTheOrderOfWritesAcrossTablesAndEngines) {
  fill("payment", 20000);
  fill("split", 100, "InnoDB");
  fill("log", 20000);
  const Busy desk(address(), [](Connection& c, int) {
    c.execute("INSERT INTO payment (name) VALUES ('desk')");
    c.execute("INSERT INTO split (name) VALUES ('desk')");
    c.execute("INSERT INTO log (name) VALUES ('desk')");
    c.execute("UPDATE payment SET name = CONCAT(name, 'x') WHERE id = 1 + FLOOR(RAND() * 20000)");
  });
  for (int i = 0; i < 3; ++i) {
    const CaptureResult result = capture();
    EXPECT_THAT(result.errors, IsEmpty());
    const auto rows = [&](const char* table) { return result.manifest.find(table)->rows; };
    const std::uint64_t payments = rows("payment") - 20000, splits = rows("split") - 100,
                        logs = rows("log") - 20000;
    EXPECT_GE(payments, splits);
    EXPECT_GE(splits, logs);
    EXPECT_LE(payments, logs + 1);
    expectLoads(result);
  }
}

TEST_F(CaptureFailureTest, tablesThatComeAndGoMeanwhileAreNoErrors) {
  fill("patient", 2000);
  fill("visit", 2000, "InnoDB");
  const Busy other(address(), [](Connection& c, int i) {
    const char* engine = i % 2 == 0 ? "MyISAM" : "InnoDB";
    c.execute(std::string("CREATE TABLE fleeting (id INT PRIMARY KEY) ENGINE=") + engine);
    c.execute("INSERT INTO fleeting VALUES (1)");
    c.execute("DROP TABLE fleeting");
  });
  for (int i = 0; i < 5; ++i) {
    const CaptureResult result = capture();
    for (const files::Problem& error : result.errors) EXPECT_THAT(error.path, HasSubstr("fleeting"));
    EXPECT_EQ(result.manifest.find("patient")->rows, 2000U);
    EXPECT_EQ(result.manifest.find("visit")->rows, 2000U);
  }
}

TEST_F(CaptureFailureTest, aCrashedTableIsNamedAndTheRestIsSaved) {
  fill("broken", 1000);
  fill("patient", 10);
  sql().execute("FLUSH TABLES");
  {
    std::fstream index(databaseFolder() / "broken.MYI", std::ios::in | std::ios::out | std::ios::binary);
    index.seekp(26);
    index.put('\x02');  // as the server marks it when it finds damage
  }
  const CaptureResult result = capture();
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "table broken");
  EXPECT_THAT(result.errors[0].what, HasSubstr("crashed"));
  EXPECT_THAT(result.manifest.find("broken")->error, HasSubstr("crashed"));
  EXPECT_EQ(result.manifest.find("patient")->rows, 10U);
  EXPECT_FALSE(node(result, "practice/broken.MYD"));
}

TEST_F(CaptureFailureTest, aTruncatedRowFileIsNamed) {
  fill("broken", 1000);
  sql().execute("FLUSH TABLES");
  fs::resize_file(databaseFolder() / "broken.MYD", 100);
  options_.data_folder.clear();
  const CaptureResult result = capture();
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "table broken");
  run({"DROP TABLE broken"});
}

TEST_F(CaptureFailureTest, noSuchDatabase) {
  sql().execute("DROP DATABASE practice");
  const auto error = failure(options_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kNotFound);
  EXPECT_THAT(error->what(), HasSubstr("practice"));
}

TEST_F(CaptureFailureTest, aCopyOfTheDataFolderIsRefused) {
  fill("patient", 100);
  sql().execute("FLUSH TABLES");
  const TempDirectory copy;
  fs::copy(databaseFolder(), copy.path() / "practice");
  for (const auto& entry : fs::directory_iterator(copy.path() / "practice"))
    fs::last_write_time(entry.path(), fs::last_write_time(databaseFolder() / entry.path().filename()));
  sql().execute("INSERT INTO patient (name) VALUES ('after the copy')");
  options_.data_folder = copy.path().string();
  const auto error = failure(options_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kUsage);
  EXPECT_THAT(error->what(), HasSubstr("not where the server keeps this database"));
}

TEST_F(CaptureFailureTest, aCopyThatAgesDuringTheBackupIsRefused) {
  fill("patient", 100);
  fill("visit", 100, "InnoDB");
  sql().execute("FLUSH TABLES");
  age();
  const TempDirectory copy;
  fs::copy(databaseFolder(), copy.path() / "practice");
  for (const auto& entry : fs::directory_iterator(copy.path() / "practice"))
    fs::last_write_time(entry.path(), fs::last_write_time(databaseFolder() / entry.path().filename()));
  options_.data_folder = copy.path().string();
  sql().execute("DROP TABLE visit");
  EXPECT_FALSE(failure(options_)) << "until somebody writes, the copy is what the server has";
  std::atomic<bool> wrote{false};
  std::thread writer([&] {
    Connection connection(address());
    while (progress_.phase() != "making the instant" && !wrote) std::this_thread::yield();
    connection.execute("INSERT INTO patient (name) VALUES ('meanwhile')");
    wrote = true;
  });
  const auto error = failure(options_);
  wrote = true;
  writer.join();
  ASSERT_TRUE(error);
  EXPECT_TRUE(error->code() == ErrorCode::kVerifyFailed || error->code() == ErrorCode::kUsage)
      << error->what();
}

TEST_F(CaptureFailureTest, aFolderWithoutTheDatabaseIsRefused) {
  fill("patient", 1);
  const TempDirectory empty;
  options_.data_folder = empty.path().string();
  const auto error = failure(options_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kUsage);
  EXPECT_THAT(error->hint(), HasSubstr("--data-folder"));
}

TEST_F(CaptureFailureTest, withoutTheRightToLockNothingIsCaptured) {
  fill("patient", 1);
  run({"CREATE USER IF NOT EXISTS weak@localhost IDENTIFIED BY 'secret'",
       "GRANT SELECT ON practice.* TO weak@localhost"});
  user_ = "weak";
  password_ = "secret";
  const auto error = failure(options_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kDatabaseDenied);
  EXPECT_THAT(error->hint(), HasSubstr("RELOAD"));
  EXPECT_THAT(std::string(error->what()) + error->hint(), ::testing::Not(HasSubstr("secret")));
}

TEST_F(CaptureFailureTest, withoutTheRightToSeeAccountsTheBackupSaysSo) {
  fill("patient", 1);
  run({"CREATE USER IF NOT EXISTS plain@localhost IDENTIFIED BY 'x'",
       "GRANT RELOAD ON *.* TO plain@localhost",
       "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON practice.* TO plain@localhost",
       "GRANT SELECT ON mysql.proc TO plain@localhost"});
  user_ = "plain";
  password_ = "x";
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("users and rights")));
}

TEST_F(CaptureFailureTest, aLockThatIsNeverGrantedIsGivenUp) {
  fill("patient", 10);
  fill("other", 10);
  Connection holder(address());
  holder.execute("LOCK TABLES patient WRITE");
  options_.lock_wait_s = 0.2;
  options_.lock_attempts_max = 3;
  const auto error = failure(options_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kDatabaseBusy);
  EXPECT_THAT(error->what(), HasSubstr("3 attempts"));
  // Nothing is left behind: others write at once.
  EXPECT_EQ(sql().executeWithin("INSERT INTO other (name) VALUES ('x')", 1), 1U);
  holder.execute("UNLOCK TABLES");
  EXPECT_THAT(capture().errors, IsEmpty());
}

TEST_F(CaptureFailureTest, whoIsInTheWayIsNamed) {
  fill("patient", 10);
  sql().queryValue("SELECT GET_LOCK('in the way', 0)");
  std::thread slow([this] {
    Connection connection(address());
    connection.execute("UPDATE patient SET amount = GET_LOCK('in the way', 600)");
  });
  while (sql().queryValue("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'") !=
         "1")
    std::this_thread::yield();
  options_.lock_wait_s = 0.1;
  options_.lock_attempts_max = 1;
  const auto error = failure(options_);
  sql().queryValue("SELECT RELEASE_LOCK('in the way')");
  slow.join();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kDatabaseBusy);
  EXPECT_THAT(error->what(), HasSubstr("root@localhost"));
  EXPECT_THAT(error->what(), HasSubstr("UPDATE"));
}

TEST_F(CaptureFailureTest, cancellingReleasesEverything) {
  fill("patient", 10);
  cancel_.cancel();
  const auto error = failure(options_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kCancelled);
  EXPECT_EQ(sql().executeWithin("INSERT INTO patient (name) VALUES ('x')", 1), 1U);
}

TEST_F(CaptureFailureTest, tablesThatTakeTooLongToReadUnderTheLockAreNamedAndTheRestIsSaved) {
  sql().execute("SET GLOBAL myisam_use_mmap = ON");  // all is read under the lock
  fill("patient", 50000);
  fill("visit", 20, "InnoDB");
  options_.locked_read_max_s = 0;
  const CaptureResult result = capture();
  sql().execute("SET GLOBAL myisam_use_mmap = OFF");
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "table patient");
  EXPECT_THAT(result.errors[0].what, HasSubstr("while the office waits"));
  EXPECT_EQ(result.manifest.find("visit")->rows, 20U);
  EXPECT_FALSE(node(result, "practice/patient.MYD"));
  EXPECT_EQ(sql().executeWithin("INSERT INTO patient (name) VALUES ('x')", 1), 1U);
}

TEST_F(CaptureFailureTest, tcpWithoutTheFolderReadsRowsUnderTheLockAndSaysSo) {
  fill("patient", 100);
  options_.rows_only = true;
  const CaptureResult result = capture();
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("under the lock")));
}

// Last in this file: it takes the server away.
TEST_F(CaptureFailureTest, zTheServerGoesAwayInTheMiddle) {
  fill("patient", 50000);
  fill("visit", 50000, "InnoDB");
  std::thread killer([this] {
    while (progress_.phase() != "reading rows" && progress_.phase() != "storing what changed")
      std::this_thread::yield();
    ::kill(server().pid(), SIGKILL);
  });
  options_.read_bytes_per_second_max = 4 << 20;
  const auto error = failure(options_);
  killer.join();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kDatabaseUnreachable) << error->what();
  while (server().running()) std::this_thread::yield();  // its end, which may take longer than the capture's
}

}  // namespace
}  // namespace enamel::mariadb
