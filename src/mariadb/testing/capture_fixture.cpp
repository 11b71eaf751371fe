#include "mariadb/testing/capture_fixture.h"

#include <map>

#include "base/error.h"
#include "mariadb/file_name.h"
#include "mariadb/restore.h"

namespace enamel::mariadb {

std::unique_ptr<std::filesystem::path> CaptureFixture::folder_;
std::unique_ptr<TempDirectory> CaptureFixture::scratch_;
std::unique_ptr<PrivateServer> CaptureFixture::server_;

void CaptureFixture::SetUpTestSuite() {
  scratch_ = std::make_unique<TempDirectory>();
  folder_ = std::make_unique<std::filesystem::path>(scratch_->path() / "server");
  PrivateServer::Options options;
  options.folder = *folder_;
  options.local_infile = true;
  options.server_options = {"--max-allowed-packet=256M", "--innodb-log-file-size=256M"};
  server_ = std::make_unique<PrivateServer>(options);
}

void CaptureFixture::TearDownTestSuite() {
  server_.reset();
  scratch_.reset();
  folder_.reset();
}

void CaptureFixture::SetUp() {
  options_.lock_pause_s = 0.05;
  options_.file_time_step_s = 0.01;
  options_.priority = Priority::kNormal;
  connection_ = std::make_unique<Connection>(server_->address());
  useDatabase("practice");
  repository::Repository::create(storage_, "pw", repository::KdfParameters::cheap(), Clock::system());
  repository_ = repository::Repository::open(storage_, "pw");
  repository_->loadIndex();
}

void CaptureFixture::TearDown() {
  if (!server_->running()) return;
  Connection connection(server_->address());
  for (const std::string& name : made_) connection.execute("DROP DATABASE IF EXISTS " + quoteName(name));
}

void CaptureFixture::useDatabase(const std::string& name) {
  sql().execute("CREATE DATABASE " + quoteName(name) + " CHARACTER SET utf8mb4");
  sql().execute("USE " + quoteName(name));
  made_.push_back(name);
  database_ = name;
}

std::filesystem::path CaptureFixture::databaseFolder() const {
  return server_->dataFolder() / encodeFileName(database_);
}

Address CaptureFixture::address() const {
  Address address = server_->address(database_);
  if (!user_.empty()) address.user = user_;
  if (!password_.empty()) address.password = password_;
  return address;
}

void CaptureFixture::run(const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) sql().execute(statement);
}

void CaptureFixture::fill(const std::string& table, int rows, const std::string& engine) {
  sql().execute("CREATE TABLE IF NOT EXISTS " + quoteName(table) +
                " (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(200), amount DOUBLE, KEY (name)) "
                "ENGINE=" +
                engine);
  sql().execute(
      "INSERT INTO " + quoteName(table) +
      " (name, amount) SELECT CONCAT('patient ', seq, REPEAT('x', seq % 150)), seq / 7 FROM seq_1_to_" +
      std::to_string(rows));
}

void CaptureFixture::age() {
  for (const auto& entry : std::filesystem::directory_iterator(databaseFolder()))
    std::filesystem::last_write_time(entry.path(),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

CaptureResult CaptureFixture::capture(const CaptureOptions& options, bool without_parent) {
  const auto writer = repository_->newWriter();
  CaptureResult result = captureDatabase(address(), without_parent ? std::nullopt : parent_, *repository_,
                                         *writer, options, progress_, cancel_);
  writer->flush();
  added_bytes_ = writer->stats().bytes_added;
  parent_ = result.root.subtree;
  return result;
}

std::optional<Error> CaptureFixture::failure(const CaptureOptions& options) {
  try {
    capture(options);
  } catch (const Error& e) {
    return e;
  }
  return std::nullopt;
}

std::optional<repository::Node> CaptureFixture::node(const CaptureResult& result, const std::string& path) {
  std::optional<repository::Node> at = result.root;
  for (std::size_t begin = 0; begin <= path.size();) {
    if (!at->subtree) return std::nullopt;
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const repository::Tree tree = repository_->loadTree(*at->subtree);
    const repository::Node* next = tree.find(path.substr(begin, end - begin));
    if (next == nullptr) return std::nullopt;
    at = *next;
    begin = end + 1;
  }
  return at;
}

std::optional<std::string> CaptureFixture::file(const CaptureResult& result, const std::string& path) {
  const auto found = node(result, path);
  if (!found) return std::nullopt;
  std::string content;
  for (const auto& id : found->content)
    content += asText(repository_->loadBlob(repository::BlobType::kData, id));
  EXPECT_EQ(content.size(), found->size) << path;
  return content;
}

std::map<std::string, std::string> CaptureFixture::checksums(const std::string& database) {
  std::map<std::string, std::string> sums;
  for (const StoredRow& table : sql().query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE "
                                            "TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA = " +
                                            quoteValue(database))) {
    const std::string name = quoteName(database) + "." + quoteName(*table[0]);
    const auto sum = sql().query("CHECKSUM TABLE " + name + " EXTENDED");
    sums[*table[0]] = sum.at(0).at(1).value_or("none");
    EXPECT_EQ(sql().query("CHECK TABLE " + name).back().at(3), "OK") << name;
  }
  return sums;
}

RestoreDatabaseResult CaptureFixture::restoreCaptured(const CaptureResult& result,
                                                      const RestoreDatabaseOptions& options) {
  made_.push_back(options.as);
  return restoreDatabase(*repository_, *result.root.subtree, server_->address(), options, progress_, cancel_);
}

std::map<std::string, std::string> CaptureFixture::restoredChecksums(const CaptureResult& result) {
  const std::string copy = "copy_of_it";
  sql().execute("DROP DATABASE IF EXISTS " + copy);
  RestoreDatabaseOptions options;
  options.as = copy;
  const RestoreDatabaseResult restored = restoreCaptured(result, options);
  EXPECT_TRUE(restored.errors.empty()) << restored.errors.front();
  EXPECT_EQ(restored.rows, result.manifest.rowCount());
  auto sums = checksums(copy);
  sql().execute("DROP DATABASE " + copy);
  return sums;
}

void CaptureFixture::expectRestores(const CaptureResult& result) {
  EXPECT_EQ(restoredChecksums(result), checksums(database_));
}

void CaptureFixture::expectLoads(const CaptureResult& result) {
  EXPECT_EQ(restoredChecksums(result).size(), result.manifest.tables.size());
}

}  // namespace enamel::mariadb
