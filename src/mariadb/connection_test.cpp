#include "mariadb/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <stdexcept>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/private_server.h"

namespace enamel::mariadb {
namespace {

using testing::HasSubstr;
using testing::Not;

// One server for all tests of this file; each test makes its own tables in the database "t".
class ConnectionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempDirectory("enamel-connection-test-");
    PrivateServer::Options options;
    options.folder = folder_->path() / "server";
    options.local_infile = true;
    server_ = new PrivateServer(options);
    Connection(server_->address()).execute("CREATE DATABASE t");
  }
  static void TearDownTestSuite() {
    delete server_;
    delete folder_;
  }

  static Address address() { return server_->address("t"); }

  // Runs `body`, which must throw an Error, and returns that.
  template <class Body>
  static Error failureOf(Body body) {
    try {
      body();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorCode::kInternal, "nothing was thrown");
  }

  Connection connection_{address()};

 private:
  static TempDirectory* folder_;
  static PrivateServer* server_;
};

TempDirectory* ConnectionTest::folder_ = nullptr;
PrivateServer* ConnectionTest::server_ = nullptr;

TEST_F(ConnectionTest, startsEverySessionWithoutStrictModeInUtf8mb4) {
  EXPECT_EQ(connection_.queryValue("SELECT @@sql_mode"), "");
  EXPECT_EQ(connection_.queryValue("SELECT @@character_set_client"), "utf8mb4");
  EXPECT_EQ(connection_.queryValue("SELECT @@character_set_results"), "utf8mb4");
  connection_.execute("CREATE TABLE dates (d DATE NOT NULL, t DATETIME NOT NULL)");
  connection_.execute("INSERT INTO dates VALUES ('0000-00-00', '0001-01-01 00:00:00')");
  EXPECT_EQ(connection_.queryValue("SELECT d FROM dates"), "0000-00-00");
}

TEST_F(ConnectionTest, returnsNullsAndBytesAsTheyAre) {
  const auto rows = connection_.query("SELECT NULL, '', X'00FF27', 'ü'");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0][0], std::nullopt);
  EXPECT_EQ(rows[0][1], "");
  EXPECT_EQ(rows[0][2], std::string("\0\xff'", 3));
  EXPECT_EQ(rows[0][3], "ü");
}

TEST_F(ConnectionTest, quotesNamesAndValuesSoThatTheyComeBack) {
  const std::string name = "a`b'c\\d e";
  const std::string value("'\"\\\0\n\x1a%_`ü", 12);
  connection_.execute("CREATE TABLE " + quoteName(name) + " (v BLOB)");
  EXPECT_EQ(connection_.execute("INSERT INTO " + quoteName(name) + " VALUES (" + quoteValue(value) + ")"),
            1U);
  EXPECT_EQ(connection_.queryValue("SELECT v FROM " + quoteName(name)), value);
}

TEST_F(ConnectionTest, mapsErrorsToCodes) {
  EXPECT_EQ(failureOf([&] { connection_.execute("SELECT * FROM missing"); }).code(), ErrorCode::kNotFound);
  EXPECT_EQ(connection_.lastErrorNumber(), 1146U);
  connection_.execute("DO 1");
  EXPECT_EQ(connection_.lastErrorNumber(), 0U);
  EXPECT_EQ(failureOf([&] { connection_.execute("CREATE DATABASE t"); }).code(), ErrorCode::kExists);
  EXPECT_EQ(failureOf([&] { connection_.execute("nonsense"); }).code(), ErrorCode::kDatabase);

  Address elsewhere = address();
  elsewhere.database = "nosuch";
  EXPECT_EQ(failureOf([&] { Connection c(elsewhere); }).code(), ErrorCode::kNotFound);
  elsewhere = address();
  elsewhere.socket += "-not-there";
  EXPECT_EQ(failureOf([&] { Connection c(elsewhere); }).code(), ErrorCode::kDatabaseUnreachable);
}

TEST_F(ConnectionTest, refusesAWrongPasswordWithoutRepeatingIt) {
  connection_.execute("CREATE OR REPLACE USER clerk@localhost IDENTIFIED BY 'right'");
  connection_.execute("GRANT SELECT ON t.* TO clerk@localhost");
  Address clerk = address();
  clerk.user = "clerk";
  clerk.password = "right";
  Connection signed_in(clerk);
  EXPECT_EQ(failureOf([&] { signed_in.execute("CREATE TABLE x (i INT)"); }).code(),
            ErrorCode::kDatabaseDenied);
  EXPECT_EQ(failureOf([&] { signed_in.execute("USE mysql"); }).code(), ErrorCode::kDatabaseDenied);
  EXPECT_EQ(failureOf([&] { signed_in.execute("FLUSH TABLES"); }).code(), ErrorCode::kDatabaseDenied);

  clerk.password = "hunter2";
  const Error error = failureOf([&] { Connection c(clerk); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabaseDenied);
  EXPECT_THAT(error.what(), HasSubstr("clerk@localhost"));
  EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
}

// How Debian's servers know their administrator.
TEST_F(ConnectionTest, signsInByTheAccountOfTheOperatingSystem) {
  const passwd* account = getpwuid(geteuid());  // NOLINT(concurrency-mt-unsafe): one thread
  ASSERT_NE(account, nullptr);
  Address me = address();
  me.user = account->pw_name;
  connection_.execute("CREATE USER IF NOT EXISTS " + quoteValue(me.user) + "@localhost");
  connection_.execute("ALTER USER " + quoteValue(me.user) + "@localhost IDENTIFIED VIA unix_socket");
  me.database.clear();
  EXPECT_EQ(Connection(me).queryValue("SELECT CURRENT_USER()"), me.user + "@localhost");
}

TEST_F(ConnectionTest, saysWhichStatementFailedButNoValues) {
  connection_.execute("CREATE TABLE ssn (v VARCHAR(20) PRIMARY KEY)");
  connection_.execute("INSERT INTO ssn VALUES ('123-45-6789')");
  for (const char* sql :
       {"INSERT INTO ssn VALUES ('123-45-6789')", "INSERT INTO ssn VALUES ('123-45-6789'"}) {
    const std::string text = failureOf([&] { connection_.execute(sql); }).what();
    EXPECT_THAT(text, HasSubstr("INSERT INTO ssn VALUES failed with error"));
    EXPECT_THAT(text, Not(HasSubstr("6789")));
    EXPECT_THAT(text, HasSubstr("mariadb://root@localhost/t"));
  }
}

TEST_F(ConnectionTest, givesUpALockThatIsNotGrantedInTime) {
  connection_.execute("CREATE TABLE held (i INT)");
  connection_.execute("LOCK TABLES held WRITE");
  Connection other(address());
  EXPECT_EQ(failureOf([&] { other.executeWithin("INSERT INTO held VALUES (1)", 0.2); }).code(),
            ErrorCode::kDatabaseBusy);
  EXPECT_EQ(other.lastErrorNumber(), 1969U);
  EXPECT_EQ(failureOf([&] { other.executeWithin("FLUSH TABLES WITH READ LOCK", 0.2); }).code(),
            ErrorCode::kDatabaseBusy);
  EXPECT_EQ(other.queryValue("SELECT @@max_statement_time"), "0.000000");
  connection_.execute("UNLOCK TABLES");
  EXPECT_EQ(other.executeWithin("INSERT INTO held VALUES (1)", 5), 1U);
}

TEST_F(ConnectionTest, streamsAndSurvivesACallbackThatThrows) {
  connection_.execute("CREATE TABLE many (i INT PRIMARY KEY, filler CHAR(200))");
  connection_.execute("INSERT INTO many SELECT seq, 'x' FROM seq_1_to_100000");
  std::uint64_t sum = 0;
  connection_.stream("SELECT i FROM many",
                     [&](const Row& row) { sum += std::stoull(std::string(row[0].text())); });
  EXPECT_EQ(sum, 100000ULL * 100001 / 2);

  int seen = 0;
  EXPECT_THROW(connection_.stream("SELECT * FROM many",
                                  [&](const Row&) {
                                    if (++seen == 3) throw std::runtime_error("enough");
                                  }),
               std::runtime_error);
  EXPECT_EQ(connection_.queryValue("SELECT COUNT(*) FROM many"), "100000");
}

TEST_F(ConnectionTest, loadsDataFromACallback) {
  connection_.execute("CREATE TABLE loaded (a INT, b VARCHAR(20))");
  std::string text = "1\tone\n2\t\\N\n3\tthr\\tee\n";
  const auto read = [&](MutableByteView buffer) {
    const std::size_t count = std::min<std::size_t>({buffer.size(), text.size(), 5});
    std::copy_n(text.data(), count, buffer.begin());
    text.erase(0, count);
    return count;
  };
  EXPECT_EQ(connection_.loadData("LOAD DATA LOCAL INFILE 'x' INTO TABLE loaded", read), 3U);
  EXPECT_EQ(connection_.queryValue("SELECT b FROM loaded WHERE a=3"), "thr\tee");
  EXPECT_EQ(connection_.queryValue("SELECT COUNT(*) FROM loaded WHERE b IS NULL"), "1");
}

TEST_F(ConnectionTest, rethrowsWhatTheCallbackOfLoadDataThrew) {
  connection_.execute("CREATE TABLE broken (a INT)");
  const auto read = [](MutableByteView) -> std::size_t { throw std::runtime_error("the disk fell off"); };
  EXPECT_THROW(connection_.loadData("LOAD DATA LOCAL INFILE 'x' INTO TABLE broken", read),
               std::runtime_error);
  EXPECT_EQ(connection_.queryValue("SELECT COUNT(*) FROM broken"), "0");
}

TEST_F(ConnectionTest, refusesALocalFileThatNobodyAskedToLoad) {
  connection_.execute("CREATE TABLE stolen (a TEXT)");
  EXPECT_THROW(connection_.execute("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE stolen"), Error);
  EXPECT_EQ(connection_.queryValue("SELECT COUNT(*) FROM stolen"), "0");
}

TEST_F(ConnectionTest, passesRowsOf64Mebibytes) {
  connection_.execute("CREATE TABLE big (v LONGBLOB)");
  constexpr std::size_t kSize = 64U << 20;
  std::size_t left = kSize;
  const auto read = [&](MutableByteView buffer) {
    const std::size_t count = std::min(buffer.size(), left);
    std::fill_n(buffer.begin(), count, static_cast<std::uint8_t>('z'));
    left -= count;
    return count;
  };
  EXPECT_EQ(connection_.loadData("LOAD DATA LOCAL INFILE 'x' INTO TABLE big", read), 1U);
  std::size_t size = 0;
  connection_.stream("SELECT v FROM big", [&](const Row& row) { size = row[0].size; });
  EXPECT_EQ(size, kSize);
}

TEST_F(ConnectionTest, saysUnreachableWhenTheServerDropsTheConnection) {
  Connection other(address());
  connection_.execute("KILL " + std::to_string(other.threadId()));
  EXPECT_EQ(failureOf([&] { other.execute("SELECT 1"); }).code(), ErrorCode::kDatabaseUnreachable);
}

}  // namespace
}  // namespace enamel::mariadb
