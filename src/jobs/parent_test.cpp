#include "jobs/parent.h"

#include <gtest/gtest.h>

#include "jobs/testing/test_repository.h"

namespace enamel::jobs {
namespace {

using repository::BlobId;
using repository::Snapshot;

class ParentTest : public testing::Test, protected TestRepository {
 protected:
  void SetUp() override { opened->loadIndex(); }

  // A snapshot whose parts are empty folders; the trees are told apart by a file's name.
  Snapshot add(const std::string& host, std::int64_t second, bool database, bool images) {
    const auto writer = opened->newWriter();
    Snapshot snapshot;
    snapshot.time = {second * 1'000'000'000};
    snapshot.hostname = host;
    repository::Tree root;
    for (const auto& [wanted, name] : {std::pair{database, kDatabaseName}, {images, kImagesName}}) {
      if (!wanted) continue;
      snapshot.paths.push_back(std::string("/") + name);
      repository::Node file;
      file.name = host + std::to_string(second);
      repository::Node child;
      child.name = name;
      child.type = repository::NodeType::kDirectory;
      child.subtree = writer->saveTree({{file}});
      root.nodes.push_back(child);
    }
    snapshot.tree = writer->saveTree(root);
    writer->flush();
    opened->saveSnapshot(snapshot);
    return snapshot;
  }
  BlobId part(const Snapshot& snapshot, const char* name) const {
    return *opened->loadTree(snapshot.tree).find(name)->subtree;
  }
};

TEST_F(ParentTest, NoneInANewRepository) {
  const Parent parent = findParent(*opened, "server", true, true, clock.now());
  EXPECT_FALSE(parent.snapshot);
  EXPECT_FALSE(parent.database || parent.images);
  EXPECT_TRUE(parent.warnings.empty());
}

TEST_F(ParentTest, TheNewestOfTheSameHost) {
  add("server", 1, true, true);
  const Snapshot newest = add("server", 2, true, true);
  add("other", 3, true, true);
  const Parent parent = findParent(*opened, "server", true, true, clock.now());
  EXPECT_EQ(parent.snapshot->id, newest.id);
  EXPECT_EQ(parent.database, part(newest, kDatabaseName));
  EXPECT_EQ(parent.images, part(newest, kImagesName));
}

TEST_F(ParentTest, EachPartFromTheNewestThatHoldsIt) {
  const Snapshot nightly = add("server", 1, true, true);
  const Snapshot hourly = add("server", 2, true, false);
  const Parent parent = findParent(*opened, "server", true, true, clock.now());
  EXPECT_EQ(parent.snapshot->id, hourly.id);
  EXPECT_EQ(parent.database, part(hourly, kDatabaseName));
  EXPECT_EQ(parent.images, part(nightly, kImagesName));
  EXPECT_EQ(findParent(*opened, "server", false, true, clock.now()).snapshot->id, nightly.id);
}

TEST_F(ParentTest, AClockThatWentBackIsSaid) {
  add("other", 1'700'000'001, true, true);
  EXPECT_EQ(findParent(*opened, "server", true, true, clock.now()).warnings.size(), 1U);
}

TEST_F(ParentTest, DamagedSnapshotsArePassedOverAloud) {
  const Snapshot good = add("server", 1, true, true);
  Snapshot bad = good;
  bad.time.ns += 1'000'000'000;
  bad.tree = BlobId::of(asBytes("gone"));
  opened->saveSnapshot(bad);
  const Parent parent = findParent(*opened, "server", true, true, clock.now());
  EXPECT_EQ(parent.snapshot->id, good.id);
  ASSERT_EQ(parent.warnings.size(), 1U);
  EXPECT_NE(parent.warnings[0].find(bad.id.shortHex()), std::string::npos);
}

}  // namespace
}  // namespace enamel::jobs
