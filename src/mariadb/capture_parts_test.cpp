// What others may do between the steps of a capture, each step by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <thread>

#include "base/error.h"
#include "mariadb/capture_context.h"
#include "mariadb/capture_files.h"
#include "mariadb/capture_rows.h"
#include "mariadb/testing/capture_fixture.h"
#include "mariadb/testing/hand_snapshot.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CapturePartsTest : public CaptureFixture {
 protected:
  void SetUp() override {
    CaptureFixture::SetUp();
    options_.threads = 1;
    writer_ = repository_->newWriter();
  }
  // Used once per test, after user_ and options_ are set.
  CaptureContext& context() {
    if (context_) return *context_;
    address_ = address();
    context_.reset(new CaptureContext{.address = address_,
                                      .repository = *repository_,
                                      .writer = *writer_,
                                      .options = options_,
                                      .progress = progress_,
                                      .cancel = cancel_,
                                      .control = Connection(address_),
                                      .limiter = files::RateLimiter(0),
                                      .facts = {},
                                      .parent = {},
                                      .manifest = {},
                                      .nodes = {},
                                      .warnings = {},
                                      .table_errors = {},
                                      .lock_granted_s = 0,
                                      .last_try = false,
                                      .again_because = {}});
    context_->facts = readServerFacts(context_->control, static_cast<double>(Clock::system().now().ns) / 1e9);
    return *context_;
  }
  std::vector<TableInfo> inventory() { return listTables(sql(), database()); }
  std::vector<std::string> names() { return listTableNames(sql(), database()); }
  void swap(const std::string& a, const std::string& b) {
    sql().execute("RENAME TABLE " + a + " TO meanwhile, " + b + " TO " + a + ", meanwhile TO " + b);
  }

  testing::MemoryRepository repository_;
  std::unique_ptr<repository::BlobWriter> writer_;
  Address address_;
  std::unique_ptr<CaptureContext> context_;
};

bool noFiles(const std::string&) {
  return false;
}

TEST_F(CapturePartsTest, aTableMadeMeanwhileIsNotTakenForTheFilesThatLayThere) {
  fill("old", 500);
  const std::vector<TableInfo> before = inventory();
  fill("patient", 20, "InnoDB");
  sql().execute("FLUSH TABLES");
  for (const char* ending : {".MYD", ".MYI"})
    fs::copy_file(databaseFolder() / (std::string("old") + ending),
                  databaseFolder() / (std::string("patient") + ending));
  CaptureFiles files(context(), before);
  files.prepare();
  EXPECT_TRUE(files.read(true));
  EXPECT_TRUE(files.has("patient")) << "nobody knows better yet";
  files.confirmEngines();
  EXPECT_FALSE(files.has("patient"));
  for (const char* ending : {".MYD", ".MYI"})  // DROP DATABASE would stumble over them
    fs::remove(databaseFolder() / (std::string("patient") + ending));
  EXPECT_TRUE(files.has("old"));
}

TEST_F(CapturePartsTest, tablesSwappedAfterTheInstantAreReadAgain) {
  fill("patient", 10, "InnoDB");
  fill("visit", 20, "InnoDB");
  CaptureRows rows(context(), noFiles);
  rows.prepare(inventory());
  rows.ready();
  swap("patient", "visit");  // before the instant: theirs to do
  rows.begin();
  rows.noteIdentities();
  swap("patient", "visit");
  rows.readSnapshot(names(), inventory());
  EXPECT_THAT(context().again_because, HasSubstr("table patient was altered during the backup"));
}

TEST_F(CapturePartsTest, tablesSwappedBeforeTheInstantAreNot) {
  fill("patient", 10, "InnoDB");
  fill("visit", 20, "InnoDB");
  run({"CREATE TABLE log (id INT PRIMARY KEY) ENGINE=InnoDB PARTITION BY HASH (id) PARTITIONS 3"});
  CaptureRows rows(context(), noFiles);
  rows.prepare(inventory());
  rows.ready();
  swap("patient", "visit");
  rows.begin();
  rows.noteIdentities();
  rows.readSnapshot(names(), inventory());
  EXPECT_THAT(context().again_because, IsEmpty());
  EXPECT_THAT(context().table_errors, IsEmpty());
}

TEST_F(CapturePartsTest, swappedTablesAreNoticedWithoutTheRightToSeeTheirNumbersToo) {
  run({"CREATE USER IF NOT EXISTS plain@localhost IDENTIFIED BY 'x'",
       "GRANT SELECT ON practice.* TO plain@localhost"});
  user_ = "plain";
  password_ = "x";
  fill("patient", 10, "InnoDB");
  fill("visit", 20, "InnoDB");
  CaptureRows rows(context(), noFiles);
  rows.prepare(inventory());
  rows.ready();
  rows.begin();
  rows.noteIdentities();
  const auto made = [&] {
    return sql().queryValue(
        "SELECT CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'practice' AND TABLE_NAME = "
        "'patient'");
  };
  // Those times count whole seconds.
  for (const auto before = made(); made() == before;) swap("patient", "visit");
  rows.readSnapshot(names(), inventory());
  EXPECT_THAT(context().again_because, HasSubstr("was altered during the backup"));
}

TEST_F(CapturePartsTest, aTableThatWasReadCanBeAlteredWhileOthersAreRead) {
  fill("patient", 5000, "InnoDB");
  fill("visit", 10, "InnoDB");
  std::vector<TableInfo> tables = inventory();
  tables.at(0).data_bytes = 128U << 20;  // the first to be read, in ranges of its key
  CaptureRows rows(context(), noFiles);
  rows.prepare(tables);
  rows.ready();
  rows.begin();
  rows.noteIdentities();
  Connection holder(server().address(database()));
  holder.execute("LOCK TABLES visit WRITE");
  const std::vector<std::string> all = names();
  auto reading = std::async(std::launch::async, [&] { rows.readSnapshot(all, tables); });
  while (sql().queryValue("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'Waiting for "
                          "table metadata lock' AND INFO LIKE 'SELECT%visit%'") != "1" &&
         reading.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    std::this_thread::yield();
  EXPECT_NO_THROW(sql().execute("ALTER TABLE patient NOWAIT ADD COLUMN later INT"));
  EXPECT_NO_THROW(sql().execute("INSERT INTO patient (name) VALUES ('after')"));
  holder.execute("UNLOCK TABLES");
  reading.get();
  EXPECT_THAT(context().again_because, IsEmpty()) << "it was read before";
  EXPECT_THAT(context().table_errors, IsEmpty());
}

}  // namespace
}  // namespace enamel::mariadb
