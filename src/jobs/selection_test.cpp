#include "jobs/selection.h"

#include <gtest/gtest.h>

#include "jobs/testing/test_repository.h"
#include "jobs/tree_path.h"

namespace enamel::jobs {
namespace {

using repository::BlobId;
using repository::Node;
using repository::NodeType;

class SelectionTest : public testing::Test, protected TestRepository {
 protected:
  void SetUp() override {
    opened->loadIndex();
    const auto writer = opened->newWriter();
    const BlobId database =
        folderOf(*writer, {file("claim.sql"), file("claim.txt"), file("my@002dtable.frm"),
                           file("patient.MYD"), file("patient.MYI"), file("patient.frm"),
                           file("patientnote.MYD"), file("split#P#p0.MYD"), file("split.frm")});
    const BlobId adams = folderOf(*writer, {file("x.jpg"), file("y.jpg")});
    const BlobId a = folderOf(*writer, {folderNode("AdamsTom12", adams)});
    root_ = folderOf(
        *writer, {folderNode("database",
                             folderOf(*writer, {file("manifest.json"), folderNode("opendental", database)})),
                  folderNode("images", folderOf(*writer, {folderNode("A", a)}))});
    writer->flush();
    manifest_.database = "opendental";
    for (const auto& [name, stem] : {std::pair{"patient", "patient"},
                                     {"my-table", "my@002dtable"},
                                     {"claim", "claim"},
                                     {"patientnote", "patientnote"},
                                     {"split", "split"}}) {
      mariadb::ManifestTable table;
      table.name = name;
      table.file = stem;
      manifest_.tables.push_back(table);
    }
  }

  static Node file(const std::string& name) {
    Node node;
    node.name = name;
    return node;
  }
  static Node folderNode(const std::string& name, const BlobId& tree) {
    Node node = file(name);
    node.type = NodeType::kDirectory;
    node.subtree = tree;
    return node;
  }
  static BlobId folderOf(repository::BlobWriter& writer, std::vector<Node> nodes) {
    return writer.saveTree({std::move(nodes)});
  }
  Selection select(const std::vector<std::string>& paths) const {
    return Selection(paths, *opened, root_, manifest_);
  }

  BlobId root_;
  mariadb::Manifest manifest_;
};

TEST_F(SelectionTest, NothingNamedIsEverything) {
  const Selection all = select({});
  EXPECT_TRUE(all.everything());
  EXPECT_TRUE(all.accepts("database/manifest.json"));
  EXPECT_TRUE(all.mayContain("images/A"));
  EXPECT_EQ(all.tables(), std::nullopt);
  EXPECT_TRUE(select({"/"}).everything());
}

TEST_F(SelectionTest, AFolderIsAllInside) {
  const Selection adams = select({"/images/A/AdamsTom12/"});
  EXPECT_TRUE(adams.accepts("images/A/AdamsTom12"));
  EXPECT_TRUE(adams.accepts("images/A/AdamsTom12/x.jpg"));
  EXPECT_FALSE(adams.accepts("images/A/AdamsTom123/x.jpg"));
  EXPECT_FALSE(adams.accepts("images/A"));
  EXPECT_TRUE(adams.mayContain("images"));
  EXPECT_TRUE(adams.mayContain("images/A"));
  EXPECT_TRUE(adams.mayContain("images/A/AdamsTom12/deep"));
  EXPECT_FALSE(adams.mayContain("images/B"));
  EXPECT_FALSE(adams.mayContain("database"));
  EXPECT_EQ(adams.tables(), std::vector<std::string>());
}

TEST_F(SelectionTest, ATableIsAllItsFilesAndNoOthers) {
  const Selection table = select({"database/opendental/patient", "/database/opendental/split"});
  EXPECT_TRUE(table.accepts("database/opendental/patient.MYD"));
  EXPECT_TRUE(table.accepts("database/opendental/patient.frm"));
  EXPECT_TRUE(table.accepts("database/opendental/split#P#p0.MYD"));
  EXPECT_FALSE(table.accepts("database/opendental/patientnote.MYD"));
  EXPECT_FALSE(table.accepts("database/manifest.json"));
  EXPECT_TRUE(table.mayContain("database"));
  EXPECT_FALSE(table.mayContain("images"));
  EXPECT_EQ(table.tables(), (std::vector<std::string>{"patient", "split"}));
}

TEST_F(SelectionTest, TablesGoByTheServersNameOrByAnyOfTheirFiles) {
  EXPECT_EQ(select({"/database/opendental/my-table"}).tables(), std::vector<std::string>{"my-table"});
  EXPECT_TRUE(select({"/database/opendental/my-table"}).accepts("database/opendental/my@002dtable.frm"));
  EXPECT_EQ(select({"/database/opendental/my@002dtable.frm"}).tables(), std::vector<std::string>{"my-table"});
  EXPECT_EQ(select({"/database/opendental/patient.MYD", "/database/opendental/patient"}).tables(),
            std::vector<std::string>{"patient"});
}

TEST_F(SelectionTest, TheWholeDatabaseIsAllTables) {
  EXPECT_EQ(select({"/database"}).tables(), std::nullopt);
  EXPECT_EQ(select({"/images", "/database/opendental"}).tables(), std::nullopt);
}

TEST_F(SelectionTest, WhatIsNotThereOrNoTableIsSaid) {
  for (const char* path :
       {"/nope", "/images/B", "/database/opendental/nope", "/database/opendental/patient.xyz"})
    EXPECT_EQ(errorCodeOf([&] { select({path}); }), ErrorCode::kNotFound) << path;
  EXPECT_EQ(errorCodeOf([&] { select({"/images/../x"}); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { select({"/database/manifest.json"}).tables(); }), ErrorCode::kUsage);
}

TEST_F(SelectionTest, WithoutAManifestTheDatabaseIsJustFiles) {
  const Selection files({"/database/opendental/patient.MYD"}, *opened, root_, std::nullopt);
  EXPECT_TRUE(files.accepts("database/opendental/patient.MYD"));
  EXPECT_EQ(files.tables(), std::vector<std::string>());
}

TEST_F(SelectionTest, FindNodeWalksTheTrees) {
  EXPECT_EQ(findNode(*opened, root_, "/")->name, "/");
  EXPECT_EQ(findNode(*opened, root_, "images//A/AdamsTom12/x.jpg")->name, "x.jpg");
  EXPECT_EQ(findNode(*opened, root_, "/images/A/AdamsTom12/x.jpg/y"), std::nullopt);
  EXPECT_EQ(findNode(*opened, root_, "/images/Z"), std::nullopt);
}

}  // namespace
}  // namespace enamel::jobs
