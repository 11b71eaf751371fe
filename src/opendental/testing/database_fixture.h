#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"

namespace enamel::opendental::testing {

// A private server for all tests of a suite; each test begins with an empty database "practice".
class DatabaseTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempDirectory>("enamel-opendental-test-");
    mariadb::PrivateServer::Options options;
    options.folder = folder_->path() / "server";
    server_ = std::make_unique<mariadb::PrivateServer>(options);
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }
  void SetUp() override {
    mariadb::Connection(server_->address()).execute("CREATE OR REPLACE DATABASE practice CHARACTER SET utf8");
    connection_ = std::make_unique<mariadb::Connection>(address());
  }

  static mariadb::Address address() { return server_->address("practice"); }
  mariadb::Connection& sql() { return *connection_; }
  void run(const std::vector<std::string>& statements) {
    for (const std::string& statement : statements) connection_->execute(statement);
  }

 private:
  static inline std::unique_ptr<TempDirectory> folder_;
  static inline std::unique_ptr<mariadb::PrivateServer> server_;
  std::unique_ptr<mariadb::Connection> connection_;
};

}  // namespace enamel::opendental::testing
