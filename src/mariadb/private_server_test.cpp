#include "mariadb/private_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "base/scratch_folder.h"
#include "mariadb/connection.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

PrivateServer::Options optionsFor(const fs::path& folder) {
  PrivateServer::Options options;
  options.folder = folder;
  return options;
}

ErrorCode codeOf(const PrivateServer::Options& options) {
  try {
    const PrivateServer server(options);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(PrivateServerTest, startsWithSystemTablesAndNoNetwork) {
  const TempDirectory scratch;
  const PrivateServer server(optionsFor(scratch.path() / "server"));
  Connection connection(server.address());
  EXPECT_EQ(connection.queryValue("SELECT CURRENT_USER()"), "root@localhost");
  EXPECT_EQ(connection.queryValue("SELECT @@skip_networking"), "1");
  EXPECT_EQ(connection.queryValue("SELECT @@local_infile"), "0");
  EXPECT_EQ(connection.queryValue("SELECT COUNT(*) FROM mysql.proc"), "0");
  EXPECT_EQ(connection.queryValue("SELECT COUNT(*) FROM mysql.event"), "0");
  EXPECT_EQ(connection.query("SELECT User, Host FROM mysql.global_priv ORDER BY User").size(), 2U);
  connection.execute("CREATE DATABASE t");
  connection.execute("CREATE USER u@localhost IDENTIFIED BY 'x'");
  connection.execute("GRANT ALL ON t.* TO u@localhost");
  connection.execute("CREATE PROCEDURE t.p() SELECT 1");
  connection.execute("CREATE EVENT t.e ON SCHEDULE EVERY 1 DAY DO SELECT 1");
  connection.execute("CREATE TABLE t.i (a INT) ENGINE=InnoDB");
}

TEST(PrivateServerTest, runsAsTheUserMysqlWhenStartedByRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const TempDirectory scratch;
  const PrivateServer server(optionsFor(scratch.path() / "a" / "server"));
  struct stat st {};
  ASSERT_EQ(stat(("/proc/" + std::to_string(server.pid())).c_str(), &st), 0);
  EXPECT_NE(st.st_uid, 0U);
  ASSERT_EQ(stat((scratch.path() / "a" / "server").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0700U);
}

// Whose temporary folder is too small names another disk.
TEST(PrivateServerTest, runsInAScratchFolderElsewhere) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const TempDirectory elsewhere("enamel-test-", "/var/tmp");
  ASSERT_EQ(chmod(elsewhere.path().c_str(), 0755), 0);
  const ScratchFolder scratch("drill", elsewhere.path());
  const PrivateServer server(optionsFor(scratch.path() / "server"));
  EXPECT_EQ(Connection(server.address()).queryValue("SELECT 1"), "1");
  // A folder of others is not opened.
  ASSERT_EQ(chmod(elsewhere.path().c_str(), 0700), 0);
  EXPECT_EQ(codeOf(optionsFor(scratch.path() / "other")), ErrorCode::kPermission);
}

TEST(PrivateServerTest, keepsItsDataFromOneStartToTheNext) {
  const TempDirectory scratch;
  const PrivateServer::Options options = optionsFor(scratch.path());
  {
    PrivateServer server(options);
    Connection(server.address()).execute("CREATE DATABASE kept");
    server.stop();
    EXPECT_FALSE(server.running());
  }
  const PrivateServer server(options);
  EXPECT_EQ(Connection(server.address()).query("SHOW DATABASES LIKE 'kept'").size(), 1U);
}

TEST(PrivateServerTest, refusesADataFolderItDidNotMake) {
  const TempDirectory scratch;
  fs::create_directory(scratch.path() / "data");
  std::ofstream(scratch.path() / "data" / "ibdata1") << "somebody's";
  EXPECT_EQ(codeOf(optionsFor(scratch.path())), ErrorCode::kExists);
}

TEST(PrivateServerTest, refusesASecondServerOnOneFolder) {
  const TempDirectory scratch;
  const PrivateServer server(optionsFor(scratch.path()));
  EXPECT_EQ(codeOf(optionsFor(scratch.path())), ErrorCode::kExists);
  EXPECT_EQ(Connection(server.address()).queryValue("SELECT 1"), "1");
}

TEST(PrivateServerTest, tellsTheLogWhenItDoesNotComeUp) {
  const TempDirectory scratch;
  PrivateServer::Options options = optionsFor(scratch.path());
  options.server_options = {"--no-such-option=1"};
  try {
    const PrivateServer server(options);
    FAIL() << "it came up";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDatabase);
    EXPECT_THAT(error.what(), HasSubstr("no-such-option"));
  }
}

TEST(PrivateServerTest, findsAShorterPlaceForTheSocketOfADeepFolder) {
  const TempDirectory scratch;
  const PrivateServer server(optionsFor(scratch.path() / std::string(60, 'a') / std::string(60, 'b')));
  EXPECT_LE(server.address().socket.size(), 107U);
  EXPECT_EQ(Connection(server.address()).queryValue("SELECT 1"), "1");
}

TEST(PrivateServerTest, putsTheCallersOptionsLast) {
  const TempDirectory scratch;
  PrivateServer::Options options = optionsFor(scratch.path());
  options.server_options = {"--key-buffer-size=9M", "--lower-case-table-names=1"};
  const PrivateServer server(options);
  EXPECT_EQ(Connection(server.address()).queryValue("SELECT @@key_buffer_size DIV 1048576"), "9");
}

TEST(PrivateServerTest, canBeLeftRunningFoundAndStopped) {
  const TempDirectory scratch;
  PrivateServer::Options options = optionsFor(scratch.path());
  options.keep_running = true;
  int pid = 0;
  {
    PrivateServer server(options);
    pid = server.pid();
    server.release();
  }
  const auto address = PrivateServer::findRunning(scratch.path(), "mysql");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(Connection(*address).queryValue("SELECT DATABASE()"), "mysql");
  EXPECT_TRUE(PrivateServer::stopRunning(scratch.path()));
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  EXPECT_FALSE(PrivateServer::findRunning(scratch.path()).has_value());
  EXPECT_FALSE(PrivateServer::stopRunning(scratch.path()));
}

// The server must not outlive a process that is killed; its account is another one, which makes that harder.
TEST(PrivateServerTest, diesWithAKilledParent) {
  const TempDirectory scratch;
  int report[2];
  ASSERT_EQ(pipe(report), 0);
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    try {
      const PrivateServer server(optionsFor(scratch.path()));
      const int pid = server.pid();
      if (write(report[1], &pid, sizeof pid) == sizeof pid) raise(SIGKILL);
    } catch (...) {
    }
    _exit(1);
  }
  close(report[1]);
  int pid = 0;
  ASSERT_EQ(read(report[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  int status = 0;
  ASSERT_EQ(waitpid(parent, &status, 0), parent);
  EXPECT_TRUE(WIFSIGNALED(status));
  // Ends as soon as the server's end of the pipe is closed, which only its death does.
  char byte = 0;
  EXPECT_EQ(read(report[0], &byte, 1), 0);
  close(report[0]);
  EXPECT_FALSE(PrivateServer::findRunning(scratch.path()).has_value());
}

}  // namespace
}  // namespace enamel::mariadb
