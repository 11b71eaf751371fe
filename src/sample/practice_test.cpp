#include "sample/practice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"
#include "opendental/audit_hash.h"
#include "opendental/password.h"
#include "sample/front_desk.h"

namespace enamel::sample {
namespace {

namespace fs = std::filesystem;
using mariadb::Connection;

PracticeOptions small(Engine engine) {
  PracticeOptions options;
  options.patients = 12;
  options.images_mb = 2;
  options.engine = engine;
  return options;
}

ErrorCode codeOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

// A practice that runs, its server a child of this process that is stopped and reaped at the end.
class RunningPractice {
 public:
  explicit RunningPractice(Engine engine) : scratch_("enamel-sample-test-") {
    Progress progress;
    createPractice(folder(), small(engine), progress);
    practice = startPractice(folder());
  }
  ~RunningPractice() {
    stopPractice(folder());
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
  }
  RunningPractice(const RunningPractice&) = delete;
  RunningPractice& operator=(const RunningPractice&) = delete;

  fs::path folder() const { return scratch_.path() / "practice"; }
  Connection connect() const { return Connection(*practice.address); }

  Practice practice;

 private:
  TempDirectory scratch_;
};

// Table -> checksum.
std::map<std::string, std::string> checksums(Connection& connection) {
  std::map<std::string, std::string> sums;
  for (const mariadb::StoredRow& row : connection.query("SHOW FULL TABLES WHERE Table_type='BASE TABLE'")) {
    const std::string name = row[0].value();
    sums[name] = connection.query("CHECKSUM TABLE " + mariadb::quoteName(name))[0][1].value_or("none");
  }
  return sums;
}

TEST(PracticeTest, holdsWhatAPracticeHolds) {
  RunningPractice running(Engine::kMyisam);
  Connection connection = running.connect();
  EXPECT_THAT(running.practice.url(), testing::StartsWith("mariadb://root@localhost/opendental?socket="));
  EXPECT_EQ(mariadb::parseAddress(running.practice.url()), *running.practice.address);
  EXPECT_EQ(connection.queryValue("SELECT ValueString FROM preference WHERE PrefName='AtoZfolderUsed'"), "1");
  EXPECT_EQ(connection.queryValue("SELECT COUNT(*) FROM patient"), "12");
  EXPECT_EQ(connection.queryValue("SELECT COUNT(*) FROM securitylog"), "1600");
  EXPECT_NE(connection.queryValue("SELECT COUNT(*) FROM activepatient"), "0");
  EXPECT_NE(connection.queryValue("SELECT COUNT(*) FROM payment WHERE PayDate='0000-00-00'"), "0");
  EXPECT_NE(connection.queryValue("SELECT COUNT(*) FROM allergy WHERE DateAdverseReaction='0001-01-01'"),
            "0");
  EXPECT_EQ(
      connection.queryValue("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema='opendental' "
                            "AND engine='MyISAM' AND table_collation='utf8mb3_general_ci'"),
      connection.queryValue("SELECT COUNT(*) FROM information_schema.tables WHERE "
                            "table_schema='opendental' AND table_type='BASE TABLE'"));
  // Indexes were switched on again after the load.
  EXPECT_EQ(connection.queryValue("SELECT COUNT(*) FROM information_schema.statistics WHERE "
                                  "table_schema='opendental' AND comment='disabled'"),
            "0");
  for (const mariadb::StoredRow& row : connection.query("SHOW FULL TABLES WHERE Table_type='BASE TABLE'")) {
    const auto check = connection.query("CHECK TABLE " + mariadb::quoteName(row[0].value()));
    EXPECT_EQ(check.back().at(3), "OK") << row[0].value();
  }

  // Users can sign in with the passwords the documentation tells.
  const auto user = connection.query("SELECT Password FROM userod WHERE UserName='Admin'");
  EXPECT_TRUE(opendental::passwordMatches(opendental::parseStoredPassword(user.at(0).at(0).value()),
                                          asBytes("sample admin")));
  EXPECT_NE(
      connection.queryValue("SELECT COUNT(*) FROM userod u JOIN usergroupattach a ON a.UserNum=u.UserNum "
                            "JOIN grouppermission p ON p.UserGroupNum=a.UserGroupNum WHERE "
                            "u.UserName='Admin' AND p.PermType=24"),
      "0");
}

TEST(PracticeTest, hasAHashForEveryRowOfTheAuditLog) {
  RunningPractice running(Engine::kInnodb);
  Connection connection = running.connect();
  std::size_t rows = 0;
  // The fields as the database gives them back, not as they were made.
  connection.stream(
      "SELECT CONCAT(PermType,UserNum,IF(LogDateTime='0000-00-00','0001-01-01 00:00:00',LogDateTime),LogText,"
      "PatNum,IF(DateTPrevious='0001-01-01','',DateTPrevious)), LogHash FROM securitylog LEFT JOIN "
      "securityloghash USING (SecurityLogNum)",
      [&](const mariadb::Row& row) {
        ++rows;
        ASSERT_EQ(opendental::auditHash(row[0].text()), row[1].text());
      });
  EXPECT_EQ(rows, 1600U);
  EXPECT_EQ(connection.queryValue("SELECT COUNT(*) FROM information_schema.tables WHERE "
                                  "table_schema='opendental' AND engine='MyISAM'"),
            "0");
}

TEST(PracticeTest, hasAFileForEveryDocumentAndAttachmentAndNoOther) {
  RunningPractice running(Engine::kMixed);
  Connection connection = running.connect();
  std::set<std::string> expected;
  for (const mariadb::StoredRow& row : connection.query(
           "SELECT CONCAT(UPPER(LEFT(ImageFolder,1)),'/',ImageFolder,'/',FileName) FROM document "
           "JOIN patient USING (PatNum)")) {
    expected.insert(row[0].value());
  }
  for (const mariadb::StoredRow& row :
       connection.query("SELECT CONCAT('EmailAttachments/',ActualFileName) FROM emailattach")) {
    expected.insert(row[0].value());
  }
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(running.practice.images)) {
    if (entry.is_regular_file()) found.insert(fs::relative(entry.path(), running.practice.images).string());
  }
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(found, expected);
  for (const char* engine : {"MyISAM", "InnoDB"}) {
    EXPECT_NE(connection.queryValue(std::string("SELECT COUNT(*) FROM information_schema.tables WHERE "
                                                "table_schema='opendental' AND engine='") +
                                    engine + "'"),
              "0");
  }
}

TEST(PracticeTest, isTheSameDatabaseForOneSeed) {
  RunningPractice one(Engine::kMyisam);
  RunningPractice other(Engine::kMyisam);
  Connection first = one.connect();
  Connection second = other.connect();
  EXPECT_EQ(checksums(first), checksums(second));
}

TEST(PracticeTest, startsAndStopsAnyNumberOfTimes) {
  RunningPractice running(Engine::kMyisam);
  EXPECT_EQ(startPractice(running.folder()).url(), running.practice.url());
  EXPECT_TRUE(stopPractice(running.folder()));
  EXPECT_FALSE(stopPractice(running.folder()));
  EXPECT_EQ(openPractice(running.folder()).url(), "");
  EXPECT_EQ(Connection(*startPractice(running.folder()).address).queryValue("SELECT COUNT(*) FROM patient"),
            "12");
}

TEST(PracticeTest, leavesWhatIsThereAlone) {
  const TempDirectory scratch;
  Progress progress;
  EXPECT_EQ(codeOf([&] { openPractice(scratch.path()); }), ErrorCode::kNotFound);
  EXPECT_EQ(codeOf([&] { stopPractice(scratch.path()); }), ErrorCode::kNotFound);
  std::ofstream(scratch.path() / "letter.txt") << "somebody's";
  EXPECT_EQ(codeOf([&] { createPractice(scratch.path(), small(Engine::kMyisam), progress); }),
            ErrorCode::kExists);
  std::ofstream(scratch.path() / "practice.json") << "not one";
  EXPECT_EQ(codeOf([&] { createPractice(scratch.path(), small(Engine::kMyisam), progress); }),
            ErrorCode::kCorrupt);
  EXPECT_TRUE(fs::exists(scratch.path() / "letter.txt"));
}

TEST(PracticeTest, isMadeAgainAfterAnInterruptionAndOnlyThen) {
  const TempDirectory scratch;
  const fs::path folder = scratch.path() / "practice";
  Progress progress;
  CancelToken cancelled;
  cancelled.cancel();
  EXPECT_EQ(codeOf([&] { createPractice(folder, small(Engine::kMyisam), progress, cancelled); }),
            ErrorCode::kCancelled);
  EXPECT_EQ(codeOf([&] { openPractice(folder); }), ErrorCode::kIncomplete);
  createPractice(folder, small(Engine::kMyisam), progress);
  EXPECT_EQ(openPractice(folder).options, small(Engine::kMyisam));
  const auto made = fs::last_write_time(folder / "practice.json");
  createPractice(folder, small(Engine::kMyisam), progress);
  EXPECT_EQ(fs::last_write_time(folder / "practice.json"), made);
  EXPECT_EQ(codeOf([&] { createPractice(folder, small(Engine::kInnodb), progress); }), ErrorCode::kExists);
}

TEST(FrontDeskTest, writesInAnOrderThatEveryInstantKeeps) {
  RunningPractice running(Engine::kMixed);
  FrontDesk::Options options;
  options.clients = 4;
  options.think_ms = 0.2;
  FrontDesk desk(*running.practice.address, options);
  Connection connection = running.connect();
  // Under a global lock, as a backup sees it.
  for (int i = 0; i < 20; ++i) {
    connection.execute("FLUSH TABLES WITH READ LOCK");
    for (const ClientCounts& counts : frontDeskCounts(connection))
      EXPECT_TRUE(counts.inOrder()) << counts.client;
    connection.execute("UNLOCK TABLES");
  }
  while (desk.waits().size() < 400 && desk.errors().empty()) connection.execute("DO SLEEP(0.01)");
  desk.stop();
  EXPECT_THAT(desk.errors(), testing::IsEmpty());
  std::uint64_t payments = 0;
  for (const ClientCounts& counts : frontDeskCounts(connection)) {
    EXPECT_EQ(counts.payments, counts.splits);
    EXPECT_EQ(counts.payments, counts.logs);
    payments += counts.payments;
  }
  EXPECT_EQ(payments * 5, desk.waits().size());
  EXPECT_EQ(desk.stats().statements, desk.waits().size());
  EXPECT_GE(desk.stats().max_ms, desk.stats().p99_ms);
  // What it logs is hashed like everything else.
  const auto row = connection.query(
      "SELECT CONCAT(PermType,UserNum,LogDateTime,LogText,PatNum), LogHash FROM securitylog JOIN "
      "securityloghash "
      "USING (SecurityLogNum) WHERE UserNum>=100000 LIMIT 1");
  EXPECT_EQ(opendental::auditHash(row.at(0).at(0).value()), row.at(0).at(1));
}

TEST(FrontDeskTest, completesWhatAnEarlierOneLeftHalfDone) {
  RunningPractice running(Engine::kMyisam);
  Connection connection = running.connect();
  connection.execute(
      "INSERT INTO payment (PatNum,SecUserNumEntry,CheckNum,PayNote,Receipt) VALUES (1,100000,'1','','')");
  FrontDesk::Options options;
  options.clients = 1;
  options.think_ms = 0;
  FrontDesk desk(*running.practice.address, options);
  desk.stop();
  const auto counts = frontDeskCounts(connection);
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].payments, counts[0].splits);
  EXPECT_EQ(counts[0].payments, counts[0].logs);
}

TEST(FrontDeskTest, saysWhenTheServerGoes) {
  RunningPractice running(Engine::kMyisam);
  FrontDesk::Options options;
  options.clients = 2;
  FrontDesk desk(*running.practice.address, options);
  stopPractice(running.folder());
  desk.stop();
  for (const std::string& error : desk.errors()) EXPECT_THAT(error, testing::HasSubstr("opendental"));
  EXPECT_EQ(desk.errors().size(), 2U);
}

TEST(FrontDeskStatsTest, areExact) {
  std::vector<Wait> waits;
  for (std::uint32_t i = 1; i <= 1000; ++i) waits.push_back({i * 1000, i});
  waits.push_back({1500000, 400000});
  const FrontDeskStats stats = summarise(waits, 0, 2000000);
  EXPECT_EQ(stats.statements, 1001U);
  EXPECT_DOUBLE_EQ(stats.p50_ms, 0.501);
  EXPECT_DOUBLE_EQ(stats.p99_ms, 0.991);
  EXPECT_DOUBLE_EQ(stats.p999_ms, 1.0);
  EXPECT_DOUBLE_EQ(stats.max_ms, 400);
  EXPECT_DOUBLE_EQ(stats.longest_gap_ms, 500);
  EXPECT_DOUBLE_EQ(stats.seconds, 2);
  // Only the window: the long wait had begun before it ended.
  EXPECT_EQ(summarise(waits, 1050000, 1200000).statements, 1U);
  EXPECT_EQ(summarise(waits, 1600000, 1700000).statements, 0U);
  EXPECT_DOUBLE_EQ(summarise(waits, 1600000, 1700000).longest_gap_ms, 100);
}

}  // namespace
}  // namespace enamel::sample
