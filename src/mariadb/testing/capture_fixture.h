#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "mariadb/capture.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"
#include "mariadb/restore.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::mariadb {

// A private server shared by the tests of one suite, a database and a repository in memory for each test.
class CaptureFixture : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;
  void TearDown() override;

  static PrivateServer& server() { return *server_; }
  static const std::filesystem::path& serverFolder() { return *folder_; }
  Address address() const;
  const std::string& database() const { return database_; }
  // Another database for this test, with an odd name for instance.
  void useDatabase(const std::string& name);
  std::filesystem::path databaseFolder() const;

  Connection& sql() { return *connection_; }
  void run(const std::vector<std::string>& statements);
  void fill(const std::string& table, int rows, const std::string& engine = "MyISAM");

  // Makes tables look as if they were last written to an hour ago (not their status change times).
  void age();

  // Captures with the result before it as parent, unless there is none or without_parent.
  CaptureResult capture(const CaptureOptions& options, bool without_parent = false);
  CaptureResult capture() { return capture(options_); }
  // The error a capture ends with.
  std::optional<Error> failure(const CaptureOptions& options);

  // The bytes of a captured file, by path below /database; nullopt if there is none.
  std::optional<std::string> file(const CaptureResult& result, const std::string& path);
  std::optional<repository::Node> node(const CaptureResult& result, const std::string& path);
  // The checksums of all tables, by CHECKSUM TABLE ... EXTENDED.
  std::map<std::string, std::string> checksums(const std::string& database);
  // Restores into another database, which is gone after the test.
  RestoreDatabaseResult restoreCaptured(const CaptureResult& result, const RestoreDatabaseOptions& options);
  // Restores into a new database and compares checksums, CHECK TABLE and row counts.
  void expectRestores(const CaptureResult& result);
  // The same while the database goes on changing: tables are whole and have the manifest's rows.
  void expectLoads(const CaptureResult& result);

  CaptureOptions options_;
  std::string user_, password_;  // who captures; empty: the administrator
  Progress progress_;
  CancelToken cancel_;
  std::uint64_t added_bytes_ = 0;  // plaintext the last capture added

 private:
  std::map<std::string, std::string> restoredChecksums(const CaptureResult& result);

  static std::unique_ptr<std::filesystem::path> folder_;
  static std::unique_ptr<TempDirectory> scratch_;
  static std::unique_ptr<PrivateServer> server_;
  std::string database_;
  std::vector<std::string> made_;
  std::unique_ptr<Connection> connection_;
  storage::MemoryStorage storage_;
  std::unique_ptr<repository::Repository> repository_;
  std::optional<repository::BlobId> parent_;
};

}  // namespace enamel::mariadb
