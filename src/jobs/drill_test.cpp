// Drills of small practices made by hand: what is whole passes, what is not fails and is named.
#include "jobs/drill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "mariadb/private_server.h"
#include "mariadb/testing/hand_snapshot.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;
using mariadb::Manifest;
using mariadb::PrivateServer;
using mariadb::testing::HandSnapshotOptions;
using mariadb::testing::MemoryRepository;
using mariadb::testing::runSql;
using repository::BlobId;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kPractice = R"(
CREATE TABLE preference (PrefName VARCHAR(100) PRIMARY KEY, ValueString TEXT) ENGINE=MyISAM;
INSERT INTO preference VALUES ('DataBaseVersion', '24.3.1.0'), ('ProgramVersion', '24.3.2.0'), ('PracticeTitle', 'Dr. Example');
CREATE TABLE patient (PatNum BIGINT PRIMARY KEY, LName VARCHAR(50), ImageFolder VARCHAR(50)) ENGINE=MyISAM;
INSERT INTO patient VALUES (1, 'Adams', 'AdamsJohn1'), (2, 'Bell', 'bellAnn2');
CREATE TABLE document (DocNum BIGINT PRIMARY KEY, PatNum BIGINT, FileName VARCHAR(100)) ENGINE=InnoDB;
INSERT INTO document VALUES (10, 1, 'scan.jpg'), (11, 2, 'XRAY.png'), (12, 1, '');
CREATE TABLE securitylog (SecurityLogNum BIGINT PRIMARY KEY AUTO_INCREMENT, LogDateTime DATETIME, LogText TEXT) ENGINE=MyISAM;
INSERT INTO securitylog (LogDateTime, LogText) SELECT '2026-01-02 03:04:05' - INTERVAL seq MINUTE, REPEAT('log ', seq % 30) FROM seq_0_to_999
)";

class DrillTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempDirectory;
    PrivateServer::Options options;
    options.folder = folder_->path() / "source";
    source_ = new PrivateServer(options);
    runSql(source_->address(), "",
           "CREATE DATABASE opendental;\nCREATE DATABASE other;\nCREATE TABLE other.t (a INT)");
    runSql(source_->address(), "opendental", kPractice);
  }
  static void TearDownTestSuite() {
    delete source_;
    delete folder_;
  }

  Node folder(repository::BlobWriter& writer, const std::string& name, std::vector<Node> nodes) {
    std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return a.name < b.name; });
    Node node;
    node.name = name;
    node.type = NodeType::kDirectory;
    node.mode = repository::goMode(S_IFDIR | 0755);
    repository::Tree tree;
    tree.nodes = std::move(nodes);
    node.subtree = writer.saveTree(tree);
    return node;
  }
  Node file(repository::BlobWriter& writer, const std::string& name) {
    Node node;
    node.name = name;
    node.mode = 0644;
    node.size = name.size();
    node.content = {writer.save(BlobType::kData, asBytes(name)).id};
    return node;
  }

  // Stores a snapshot; xray: the name of the second document's file.
  void store(const HandSnapshotOptions& options = {}, const std::string& xray = "xray.png",
             const std::string& database = "opendental", bool with_images = true) {
    const BlobId tree = mariadb::testing::storeByHand(*repository_, *source_, database, options);
    const auto writer = repository_->newWriter();
    std::vector<Node> parts;
    Node node;
    node.name = "database";
    node.type = NodeType::kDirectory;
    node.subtree = tree;
    parts.push_back(node);
    if (with_images) {
      Node a = folder(*writer, "A", {folder(*writer, "AdamsJohn1", {file(*writer, "scan.jpg")})});
      Node b = folder(*writer, "B", {folder(*writer, "bellAnn2", {file(*writer, xray)})});
      parts.push_back(folder(*writer, "images", {a, b}));
    }
    snapshot_.tree = *folder(*writer, "/", std::move(parts)).subtree;
    writer->flush();
    snapshot_.time = Clock::system().now();
    snapshot_.hostname = "server";
    snapshot_.paths = {"/database", "/images"};
    repository_->saveSnapshot(snapshot_);
  }

  DrillReport drill() {
    DrillOptions options;
    options.scratch_folder = scratch_.path();
    options.read_images = read_images_;
    Progress progress;
    DrillReport report = runDrill(*repository_, options, progress, cancel_);
    EXPECT_TRUE(fs::is_empty(scratch_.path()));
    return report;
  }

  static const DrillCheck& check(const DrillReport& report, const std::string& name) {
    for (const DrillCheck& c : report.checks) {
      if (c.name == name) return c;
    }
    ADD_FAILURE() << "no check " << name;
    static const DrillCheck none;
    return none;
  }
  static std::vector<std::string> failed(const DrillReport& report) {
    std::vector<std::string> names;
    for (const DrillCheck& c : report.checks) {
      if (c.outcome == CheckOutcome::kFailed) names.push_back(c.name);
    }
    return names;
  }

  static TempDirectory* folder_;
  static PrivateServer* source_;
  TempDirectory scratch_;
  MemoryRepository repository_;
  repository::Snapshot snapshot_;
  CancelToken cancel_;
  std::uint64_t read_images_ = 20;
};
TempDirectory* DrillTest::folder_ = nullptr;
PrivateServer* DrillTest::source_ = nullptr;

TEST_F(DrillTest, passesOnAWholePractice) {
  store();
  const DrillReport report = drill();
  EXPECT_TRUE(report.passed) << report.toText();
  EXPECT_EQ(report.snapshot_id, snapshot_.id.hex());
  EXPECT_EQ(report.practice_title, "Dr. Example");
  EXPECT_EQ(report.database_version, "24.3.1.0");
  EXPECT_EQ(report.opendental_version, "24.3.2.0");
  EXPECT_EQ(report.newest_log_entry, "2026-01-02 03:04:05");
  EXPECT_EQ(check(report, "newest_log_entry").outcome, CheckOutcome::kNoted);
  EXPECT_EQ(report.tables, 4U);
  EXPECT_EQ(report.rows, 1008U);
  EXPECT_EQ(report.documents, 2U);
  EXPECT_EQ(report.images, 2U);
  EXPECT_THAT(report.toText(), ::testing::AllOf(HasSubstr("Dr. Example"), ::testing::EndsWith("\nPASSED\n")));
  const nlohmann::json json = nlohmann::json::parse(report.toJson());
  EXPECT_EQ(json["message_type"], "drill");
  EXPECT_EQ(json["passed"], true);
  EXPECT_EQ(json["checks"].size(), report.checks.size());
  EXPECT_EQ(report.toJson().find('\n'), std::string::npos);
}

TEST_F(DrillTest, namesADocumentWithoutItsFile) {
  store({}, "other.png");
  const DrillReport report = drill();
  EXPECT_THAT(failed(report), ElementsAre("documents"));
  EXPECT_THAT(check(report, "documents").findings,
              ElementsAre("document 11: B/bellAnn2/XRAY.png is not in the snapshot"));
  EXPECT_THAT(report.toText(), ::testing::EndsWith("\nFAILED: documents\n"));
}

TEST_F(DrillTest, aDocumentWhoseFileWasLeftOutOnRequestIsCountedAndNoFailure) {
  snapshot_.excludes = {"/images/B/BellAnn2/xray.png", "*.tmp"};
  store({}, "other.png");
  const DrillReport report = drill();
  EXPECT_TRUE(report.passed) << report.toText();
  EXPECT_EQ(report.documents_left_out, 1U);
  EXPECT_THAT(check(report, "documents").summary, HasSubstr("1 with their file left out on request"));
  EXPECT_THAT(report.warnings, ::testing::Contains(HasSubstr("/images/B/BellAnn2/xray.png")));
  EXPECT_EQ(nlohmann::json::parse(report.toJson())["documents_left_out"], 1);
}

TEST_F(DrillTest, whatIsLeftOutElsewhereDoesNotExcuseAMissingFile) {
  snapshot_.excludes = {"/images/B/bellAnn", "/images/A"};
  store({}, "other.png");
  EXPECT_THAT(failed(drill()), ElementsAre("documents"));
}

TEST_F(DrillTest, saysHowManyImagesWereReadBack) {
  store();
  for (const auto& [wanted, read, words] : std::vector<std::tuple<std::uint64_t, std::uint64_t, std::string>>{
           {0, 0, "2 files, all their pieces are in the repository; none was read back"},
           {1, 1, "2 files, all their pieces are in the repository; 1 of them read back whole ("},
           {20, 2, "2 files, all their pieces are in the repository; all of them read back whole ("},
           {DrillOptions::kAllImages, 2,
            "2 files, all their pieces are in the repository; all of them read back whole ("}}) {
    read_images_ = wanted;
    const DrillReport report = drill();
    EXPECT_TRUE(report.passed);
    EXPECT_EQ(report.images_read, read);
    EXPECT_THAT(check(report, "images").summary, ::testing::StartsWith(words));
  }
}

// Sequences and MEMORY tables have no CHECK TABLE; broken views are as broken as they were.
TEST_F(DrillTest, passesWhereTheServerHasNoCheckAndSaysSo) {
  runSql(source_->address(), "",
         "CREATE DATABASE engines;\nCREATE TABLE engines.memory (a INT) ENGINE=MEMORY;\n"
         "INSERT INTO engines.memory VALUES (1);\nCREATE TABLE engines.csv (a INT NOT NULL) ENGINE=CSV;\n"
         "CREATE TABLE engines.aria (a INT) ENGINE=Aria;\nINSERT INTO engines.aria VALUES (1), (2)");
  store({}, "", "engines", false);
  runSql(source_->address(), "", "DROP DATABASE engines");
  const DrillReport report = drill();
  EXPECT_TRUE(report.passed) << report.toText();
  EXPECT_THAT(check(report, "table_check").summary,
              ::testing::AllOf(HasSubstr("2 tables checked"), HasSubstr("1 restored, but of kinds")));
}

// A table under a name that only its files have, and one with more rows in its files than a query shows.
TEST_F(DrillTest, passesOnTablesThatWereCopiedByHandOrKeepTheirHistory) {
  runSql(source_->address(), "",
         "CREATE DATABASE odd;\nCREATE TABLE odd.t (a INT PRIMARY KEY) ENGINE=MyISAM;\n"
         "INSERT INTO odd.t VALUES (1);\n"
         "CREATE TABLE odd.fee (a INT PRIMARY KEY) ENGINE=MyISAM WITH SYSTEM VERSIONING;\n"
         "INSERT INTO odd.fee VALUES (1), (2);\nDELETE FROM odd.fee WHERE a = 1;\nFLUSH TABLES");
  mariadb::testing::copyTableFiles(source_->dataFolder() / "odd", "t", "t - Copy");
  store({.change_manifest =
             [](Manifest& manifest) {
               for (auto& table : manifest.tables) table.rows += table.name == "fee" ? 1 : 0;
             }},
        "", "odd", false);
  runSql(source_->address(), "", "DROP DATABASE odd");
  const DrillReport report = drill();
  EXPECT_TRUE(report.passed) << report.toText();
  EXPECT_THAT(check(report, "table_check").summary, HasSubstr("3 tables checked"));
}

TEST_F(DrillTest, namesATableWhoseRowsAreNotAsManyAsTheManifestSays) {
  store({.change_manifest = [](Manifest& manifest) {
    for (auto& table : manifest.tables) table.rows += table.name == "securitylog" ? 1 : 0;
  }});
  const DrillReport report = drill();
  EXPECT_THAT(failed(report), ElementsAre("restore", "row_counts"));
  EXPECT_THAT(check(report, "row_counts").findings,
              ElementsAre("table securitylog: 1000 rows, the manifest says 1001"));
}

TEST_F(DrillTest, namesADamagedTable) {
  store({.keep_indexes = true, .change_file = [](const std::string& name, std::string& content) {
           if (name == "securitylog.MYD") std::fill(content.begin() + 20000, content.begin() + 20600, '\xff');
         }});
  const DrillReport report = drill();
  EXPECT_FALSE(report.passed);
  EXPECT_THAT(check(report, "table_check").findings, ElementsAre(HasSubstr("table securitylog: ")));
}

TEST_F(DrillTest, namesATableThatIsNotInTheBackup) {
  snapshot_.tags = {std::string(repository::kIncompleteTag)};
  store({.change_manifest = [](Manifest& manifest) { manifest.tables.front().error = "marked as crashed"; }});
  const DrillReport report = drill();
  EXPECT_THAT(check(report, "snapshot").findings, ElementsAre(HasSubstr("marked incomplete")));
  EXPECT_THAT(check(report, "manifest").findings,
              ElementsAre("table document is not in the backup: marked as crashed"));
  EXPECT_FALSE(report.passed);
}

// Without it nothing says which images there should be, so nothing was compared.
TEST_F(DrillTest, failsWhereThereAreImagesButNoTableOfDocuments) {
  for (const char* table : {"document", "patient"}) {
    runSql(source_->address(), "",
           "CREATE DATABASE lacking;\nCREATE TABLE lacking.preference SELECT * FROM opendental.preference");
    for (const std::string other : {"document", "patient"})
      if (other != table)
        runSql(source_->address(), "",
               "CREATE TABLE lacking." + other + " SELECT * FROM opendental." + other);
    store({}, "xray.png", "lacking");
    const DrillReport report = drill();
    EXPECT_THAT(failed(report), ElementsAre("documents"));
    EXPECT_THAT(check(report, "documents").findings,
                ElementsAre(HasSubstr("has no table " + std::string(table))));
    runSql(source_->address(), "", "DROP DATABASE lacking");
  }
}

TEST_F(DrillTest, failsWhereTheTableOfDocumentsIsMissingInTheBackup) {
  store({.change_file =
             [](const std::string& name, std::string& content) {
               if (name.starts_with("document.")) content.clear();
             },
         .change_manifest = [](Manifest& manifest) { manifest.tables.front().error = "marked as crashed"; }});
  const DrillReport report = drill();
  EXPECT_THAT(failed(report), ::testing::IsSupersetOf({"manifest", "documents"}));
}

TEST_F(DrillTest, saysWhatDoesNotApply) {
  store({}, "", "other", false);
  const DrillReport report = drill();
  EXPECT_TRUE(report.passed) << report.toText();
  for (const char* name : {"open_dental", "newest_log_entry", "documents", "images"}) {
    EXPECT_EQ(check(report, name).outcome, CheckOutcome::kNotApplicable) << name;
    EXPECT_NE(check(report, name).summary, "") << name;
  }
}

// An Open Dental database of another age: what is missing or of another type is no reason to die.
TEST_F(DrillTest, copesWithColumnsThatAreNotAsExpected) {
  runSql(source_->address(), "",
         "CREATE DATABASE strange;\nCREATE TABLE strange.preference SELECT * FROM opendental.preference;\n"
         "CREATE TABLE strange.patient SELECT * FROM opendental.patient;\n"
         "CREATE TABLE strange.securitylog (LogText TEXT);\n"
         "CREATE TABLE strange.document (DocNum VARCHAR(20), PatNum BIGINT, FileName VARCHAR(20));\n"
         "INSERT INTO strange.document VALUES ('x', 1, 'scan.jpg')");
  store({}, "xray.png", "strange");
  const DrillReport report = drill();
  EXPECT_EQ(check(report, "newest_log_entry").outcome, CheckOutcome::kNotApplicable);
  EXPECT_THAT(failed(report), ElementsAre("documents"));
  EXPECT_THAT(check(report, "documents").findings, ElementsAre(HasSubstr("DocNum is not a number")));
  runSql(source_->address(), "", "DROP DATABASE strange");
}

TEST_F(DrillTest, leavesNothingBehindWhenCancelled) {
  store();
  cancel_.cancel();
  DrillOptions options;
  options.scratch_folder = scratch_.path();
  Progress progress;
  try {
    runDrill(*repository_, options, progress, cancel_);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kCancelled);
  }
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(DrillTest, saysThatThereIsNoSuchSnapshot) {
  DrillOptions options;
  options.snapshot = "0123abcd";
  Progress progress;
  EXPECT_THROW(runDrill(*repository_, options, progress, cancel_), Error);
}

}  // namespace
}  // namespace enamel::jobs
