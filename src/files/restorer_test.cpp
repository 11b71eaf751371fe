#include "files/restorer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "files/testing/file_tree.h"
#include "repository/index_file.h"

namespace enamel::files {
namespace {

namespace fs = std::filesystem;
using repository::BlobId;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using storage::FileType;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

MATCHER_P2(ProblemWith, path, text, "") {
  return arg.path == fs::path(path).string() && arg.what.find(text) != std::string::npos;
}

std::string textOf(const fs::path& path) {
  return std::string(asText(readFile(path)));
}

// Where a restore of the tree lets a file of several pieces grow.
std::string temporaryName(const BlobId& tree, const std::string& file) {
  return ".enamel-" + Sha256::of(asBytes(tree.hex() + file)).hex().substr(0, 32) + ".part";
}

class RestorerTest : public ::testing::Test {
 protected:
  RestorerTest() {
    fs::create_directory(source_);
    fs::permissions(temp_.path(), fs::perms(0755));
  }

  BlobId archive() { return repository_.archive(source_).root.subtree.value(); }
  // A tree as a hostile or broken program could have written it.
  BlobId saveTree(std::vector<Node> nodes) {
    const auto writer = repository_.repository().newWriter();
    const BlobId id = writer->saveTree({std::move(nodes)});
    writer->flush();
    return id;
  }
  BlobId saveBlob(const std::string& text) {
    const auto writer = repository_.repository().newWriter();
    const BlobId id = writer->save(BlobType::kData, asBytes(text)).id;
    writer->flush();
    return id;
  }
  // Flips a byte of a stored blob.
  void damage(const BlobId& blob) {
    const auto location = repository_.repository().locate(BlobType::kData, blob).value();
    auto files = repository_.storage().files();
    files.at({FileType::kPack, location.pack.hex()}).at(location.offset + location.stored_bytes / 2) ^= 1;
    repository_.storage().setFiles(files);
    repository_.reopen();
  }

  TempDirectory temp_;
  fs::path source_ = temp_.path() / "source";
  fs::path target_ = temp_.path() / "target" / "made";
  TestRepository repository_;
};

TEST_F(RestorerTest, existingFilesAreReplacedAndOthersLeftAlone) {
  writeText(source_ / "small", "from the backup");
  writeText(source_ / "large", noise(9'000'000, 1));
  fs::create_symlink("small", source_ / "link");
  const BlobId tree = archive();
  fs::create_directories(target_);
  writeText(target_ / "small", "something longer that was here before the restore");
  writeText(target_ / "large", "x");
  writeText(target_ / "link", "no link");
  writeText(target_ / "other", "stays");
  EXPECT_THAT(repository_.restore(tree, target_).errors, IsEmpty());
  EXPECT_EQ(textOf(target_ / "other"), "stays");
  fs::remove(target_ / "other");
  EXPECT_EQ(describeTree(target_), describeTree(source_));
}

TEST_F(RestorerTest, otherNamesOfAReplacedFileKeepTheirContent) {
  writeText(source_ / "small", "new");
  writeText(source_ / "large", noise(9'000'000, 1));
  const BlobId tree = archive();
  fs::create_directories(target_);
  for (const char* name : {"small", "large"}) {
    writeText(temp_.path() / (std::string("outside ") + name), "precious");
    fs::create_hard_link(temp_.path() / (std::string("outside ") + name), target_ / name);
  }
  EXPECT_THAT(repository_.restore(tree, target_).errors, IsEmpty());
  EXPECT_EQ(textOf(temp_.path() / "outside small"), "precious");
  EXPECT_EQ(textOf(temp_.path() / "outside large"), "precious");
  EXPECT_EQ(describeTree(target_), describeTree(source_));
}

TEST_F(RestorerTest, linksInTheTargetAreNotFollowed) {
  fs::create_directory(source_ / "folder");
  writeText(source_ / "folder" / "inside", "new");
  writeText(source_ / "small", "new");
  writeText(source_ / "large", noise(9'000'000, 1));
  ASSERT_EQ(mkfifo((source_ / "pipe").c_str(), 0777), 0);
  const BlobId tree = archive();

  const fs::path outside = temp_.path() / "outside";
  fs::create_directory(outside);
  for (const char* name : {"small", "large", "pipe"}) writeText(outside / name, "precious");
  fs::create_directories(target_);
  fs::create_symlink(outside, target_ / "folder");
  for (const char* name : {"small", "large", "pipe"}) fs::create_symlink(outside / name, target_ / name);
  const auto before = describeTree(outside);

  EXPECT_THAT(repository_.restore(tree, target_).errors, IsEmpty());
  EXPECT_EQ(describeTree(outside), before);
  EXPECT_EQ(describeTree(target_), describeTree(source_));
}

TEST_F(RestorerTest, aLinkOfTheTreeIsNoWayOut) {
  // "a" is a link first and a folder then: restored one after the other onto the same target.
  const fs::path outside = temp_.path() / "outside";
  fs::create_directory(outside);
  fs::create_symlink(outside, source_ / "a");
  const BlobId link = archive();
  fs::remove(source_ / "a");
  fs::create_directory(source_ / "a");
  writeText(source_ / "a" / "file", "x");
  const BlobId folder = archive();
  repository_.restore(link, target_);
  EXPECT_THAT(repository_.restore(folder, target_).errors, IsEmpty());
  EXPECT_TRUE(fs::is_empty(outside));
  EXPECT_EQ(describeTree(target_), describeTree(source_));
}

TEST_F(RestorerTest, aFolderInAFilesPlaceIsNamed) {
  writeText(source_ / "small", "new");
  writeText(source_ / "large", noise(9'000'000, 1));
  writeText(source_ / "fine", "new");
  fs::create_symlink("x", source_ / "link");
  const BlobId tree = archive();
  for (const char* name : {"small", "large", "link"}) {
    fs::create_directories(target_ / name);
    writeText(target_ / name / "precious", "x");
  }
  EXPECT_THAT(repository_.restore(tree, target_).errors,
              ElementsAre(ProblemWith(target_ / "large", "a folder is in its place"),
                          ProblemWith(target_ / "link", "a folder is in its place"),
                          ProblemWith(target_ / "small", "a folder is in its place")));
  EXPECT_EQ(textOf(target_ / "fine"), "new");
  EXPECT_EQ(textOf(target_ / "large" / "precious"), "x");
  EXPECT_EQ(std::distance(fs::directory_iterator(target_), {}), 4);  // nothing temporary is left
}

TEST_F(RestorerTest, runningAgainCompletesAnInterruptedRestore) {
  fs::create_directories(source_ / "folder" / "read only");
  writeText(source_ / "folder" / "large", noise(9'000'000, 1));
  writeText(source_ / "folder" / "small", "small");
  writeText(source_ / "folder" / "read only" / "file", "x");
  fs::permissions(source_ / "folder" / "read only" / "file", fs::perms(0400));
  fs::permissions(source_ / "folder" / "read only", fs::perms(0500));
  const BlobId tree = archive();
  if (geteuid() == 0) {
    // So that the second run meets the read-only folder as its owner, not as root who may do all.
    ASSERT_EQ(chown(temp_.path().c_str(), 65534, 65534), 0);
  }
  const OrdinaryUser user;
  RestoreOptions options;
  options.ownership = false;
  CancelToken cancel;
  Progress progress;
  options.accept = [&](const std::string& path) {
    if (path == "folder/small") cancel.cancel();
    return true;
  };
  EXPECT_THROW(restoreTree(repository_.repository(), tree, target_, options, progress, cancel), Error);
  EXPECT_FALSE(fs::exists(target_ / "folder" / "large"));
  options.accept = nullptr;
  for (int run = 0; run < 2; ++run) {
    EXPECT_THAT(repository_.restore(tree, target_, options).errors, IsEmpty());
    EXPECT_EQ(textOf(target_ / "folder" / "read only" / "file"), "x");
    EXPECT_EQ(textOf(target_ / "folder" / "large"), noise(9'000'000, 1));
    EXPECT_EQ(std::distance(fs::directory_iterator(target_ / "folder"), {}), 3);
  }
  fs::permissions(target_ / "folder" / "read only", fs::perms(0700));
}

TEST_F(RestorerTest, aTemporaryFileLeftByAKilledRestoreIsTakenOver) {
  writeText(source_ / "large", noise(9'000'000, 1));
  const BlobId tree = archive();
  // What a kill -9 leaves: found by failing the same restore at its last step.
  fs::create_directories(target_ / "large");
  repository_.restore(tree, target_);
  fs::remove_all(target_);
  fs::create_directories(target_);
  writeText(target_ / temporaryName(tree, "large"), noise(20'000'000, 2));
  EXPECT_THAT(repository_.restore(tree, target_).errors, IsEmpty());
  EXPECT_EQ(describeTree(target_), describeTree(source_));
}

// What a killed restore left is backed up with everything else, and restored from there.
TEST_F(RestorerTest, temporaryFilesOfAnotherRestoreAreFilesLikeOthers) {
  writeText(source_ / "large", noise(9'000'000, 1));
  const BlobId before = archive();
  writeText(source_ / temporaryName(before, "large"), "left by a restore of the tree before");
  writeText(source_ / (".enamel-" + Sha256::of(asBytes("large")).hex().substr(0, 32) + ".part"), "guessed");
  EXPECT_THAT(repository_.restore(archive(), target_).errors, IsEmpty());
  EXPECT_EQ(describeTree(target_), describeTree(source_));
}

TEST_F(RestorerTest, onlyWhatIsAcceptedIsRestored) {
  fs::create_directories(source_ / "a" / "b" / "c");
  fs::create_directories(source_ / "never entered");
  writeText(source_ / "a" / "file", "1");
  writeText(source_ / "a" / "b" / "wanted", "2");
  writeText(source_ / "a" / "b" / "other", "3");
  writeText(source_ / "never entered" / "wanted", "4");
  const BlobId tree = archive();
  std::vector<std::string> asked;
  RestoreOptions options;
  options.accept = [&](const std::string& path) {
    asked.push_back(path);
    return path == "a/b/wanted";
  };
  options.may_contain = [](const std::string& path) { return path == "a" || path == "a/b"; };
  const RestoreResult result = repository_.restore(tree, target_, options);
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.files, 1U);
  EXPECT_EQ(result.directories, 2U);
  EXPECT_THAT(
      asked, UnorderedElementsAre("a", "never entered", "a/b", "a/file", "a/b/c", "a/b/other", "a/b/wanted"));
  auto expected = describeTree(source_);
  for (const char* path : {"a/file", "a/b/c", "a/b/other", "never entered", "never entered/wanted"})
    expected.erase(path);
  EXPECT_EQ(describeTree(target_), expected);
}

TEST_F(RestorerTest, aDamagedBlobCostsItsFilesOnly) {
  const std::string small = noise(1000, 1), large = noise(9'000'000, 2);
  writeText(source_ / "small", small);
  writeText(source_ / "small too", small);
  writeText(source_ / "large", large);
  writeText(source_ / "fine", noise(2000, 3));
  writeText(source_ / "fine and large", noise(9'000'000, 4));
  const BlobId tree = archive();
  damage(BlobId::of(asBytes(small)));
  damage(repository_.repository().loadTree(tree).find("large")->content.back());
  const RestoreResult result = repository_.restore(tree, target_);
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(target_ / "large", "damaged"),
                                         ProblemWith(target_ / "small", "damaged"),
                                         ProblemWith(target_ / "small too", "damaged")));
  EXPECT_EQ(result.files, 2U);
  // What is not whole is not there.
  auto expected = describeTree(source_);
  for (const char* name : {"small", "small too", "large"}) expected.erase(name);
  EXPECT_EQ(describeTree(target_), expected);
}

TEST_F(RestorerTest, aMissingPackCostsItsFilesOnly) {
  writeText(source_ / "lost", noise(1000, 1));
  const BlobId first = archive();
  const auto pack =
      repository_.repository().locate(BlobType::kData, BlobId::of(asBytes(noise(1000, 1))))->pack;
  writeText(source_ / "fine", "x");
  const BlobId tree = repository_.archive(source_, first).root.subtree.value();
  auto files = repository_.storage().files();
  files.erase({FileType::kPack, pack.hex()});
  repository_.storage().setFiles(files);
  repository_.reopen();
  EXPECT_THAT(repository_.restore(tree, target_).errors,
              ElementsAre(ProblemWith(target_ / "lost", pack.hex())));
  EXPECT_EQ(textOf(target_ / "fine"), "x");
}

TEST_F(RestorerTest, aDamagedTreeCostsItsFolderOnly) {
  const BlobId missing = BlobId::of(asBytes("no such tree"));
  const BlobId empty = saveTree({});
  const BlobId tree = saveTree({{.name = "a", .type = NodeType::kDirectory, .mode = 0755, .subtree = missing},
                                {.name = "b", .type = NodeType::kDirectory, .mode = 0755, .subtree = empty}});
  const RestoreResult result = repository_.restore(tree, target_);
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(target_ / "a", missing.hex())));
  EXPECT_TRUE(fs::is_directory(target_ / "b"));
  EXPECT_THROW(repository_.restore(missing, target_), Error);
}

TEST_F(RestorerTest, treesThatContradictThemselvesAreNamed) {
  const BlobId blob = saveBlob("eight...");
  const BlobId missing = BlobId::of(asBytes("no such blob"));
  const BlobId tree = saveTree({{.name = "fine", .mode = 0600, .size = 8, .content = {blob}},
                                {.name = "irregular", .type = NodeType::kIrregular},
                                {.name = "missing blob", .mode = 0600, .size = 8, .content = {missing}},
                                {.name = "one name",
                                 .mode = 0600,
                                 .inode = 5,
                                 .device_id = 6,
                                 .size = 8,
                                 .links = 2,
                                 .content = {missing}},
                                {.name = "other name",
                                 .mode = 0600,
                                 .inode = 5,
                                 .device_id = 6,
                                 .size = 8,
                                 .links = 2,
                                 .content = {missing}},
                                {.name = "wrong size", .mode = 0600, .size = 1ULL << 60, .content = {blob}}});
  const RestoreResult result = repository_.restore(tree, target_);
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(target_ / "irregular", "could not make it"),
                                         ProblemWith(target_ / "missing blob", missing.shortHex()),
                                         ProblemWith(target_ / "one name", missing.shortHex()),
                                         ProblemWith(target_ / "other name", "another name of"),
                                         ProblemWith(target_ / "wrong size", "its blobs have 8")));
  EXPECT_EQ(result.files, 1U);
  EXPECT_FALSE(fs::exists(target_ / "wrong size"));
}

TEST_F(RestorerTest, namesOfOneInodeWithDifferentContentStayTwoFiles) {
  const BlobId one = saveBlob("one"), two = saveBlob("two");
  const BlobId tree = saveTree(
      {{.name = "a", .mode = 0600, .inode = 5, .device_id = 6, .size = 3, .links = 3, .content = {one}},
       {.name = "b", .mode = 0600, .inode = 5, .device_id = 6, .size = 3, .links = 3, .content = {two}},
       {.name = "c", .mode = 0600, .inode = 5, .device_id = 6, .size = 3, .links = 3, .content = {one}}});
  EXPECT_THAT(repository_.restore(tree, target_).errors, IsEmpty());
  EXPECT_EQ(textOf(target_ / "a"), "one");
  EXPECT_EQ(textOf(target_ / "b"), "two");
  EXPECT_TRUE(fs::equivalent(target_ / "a", target_ / "c"));
}

TEST_F(RestorerTest, oneBlobInManyPlacesIsWrittenToAll) {
  const std::string block = noise(700'000, 1);
  const BlobId blob = saveBlob(block);
  std::vector<Node> nodes;
  for (int i = 0; i < 20; ++i) {
    nodes.push_back({.name = std::string(1, static_cast<char>('a' + i)),
                     .mode = 0600,
                     .size = block.size() * 3,
                     .content = {blob, blob, blob}});
  }
  EXPECT_THAT(repository_.restore(saveTree(nodes), target_, {.threads = 3}).errors, IsEmpty());
  for (const Node& node : nodes)
    EXPECT_TRUE(textOf(target_ / node.name) == block + block + block) << node.name;
}

TEST_F(RestorerTest, blobsThatAnIndexPutsAtOnePlaceAreNotMixedUp) {
  // Each blob goes to one of two packs by chance: until two meet.
  BlobId real, next;
  repository::BlobLocation at, to;
  unsigned seed = 0;
  do {
    seed += 2;
    const auto writer = repository_.repository().newWriter();
    real = writer->save(BlobType::kData, asBytes(noise(5000, seed))).id;
    next = writer->save(BlobType::kData, asBytes(noise(5000, seed + 1))).id;
    writer->flush();
    at = repository_.repository().locate(BlobType::kData, real).value();
    to = repository_.repository().locate(BlobType::kData, next).value();
  } while (at.pack != to.pack);
  const std::uint32_t first = std::min(at.offset, to.offset);
  const BlobId low = at.offset < to.offset ? real : next;
  // Names for the same place: of another length, and as long as both blobs.
  const BlobId same = BlobId::of(asBytes("same")), shorter = BlobId::of(asBytes("shorter"));
  const BlobId longer = BlobId::of(asBytes("longer"));
  const auto entry = [&](const BlobId& id, std::uint32_t stored) {
    return repository::PackedBlob{.id = id, .offset = first, .stored_bytes = stored};
  };
  repository_.repository().saveUnpacked(
      FileType::kIndex,
      repository::encodeIndex({{.id = at.pack,
                                .blobs = {entry(same, at.stored_bytes), entry(shorter, 100),
                                          entry(longer, at.stored_bytes + to.stored_bytes)}}}));
  repository_.reopen();
  std::vector<Node> nodes;
  const auto add = [&](const char* name, const BlobId& id) {
    const auto location = repository_.repository().locate(BlobType::kData, id).value();
    nodes.push_back({.name = name, .mode = 0600, .size = location.plaintext_bytes, .content = {id}});
  };
  add("a longer", longer);
  add("b real", low);
  add("c same", same);
  add("d shorter", shorter);
  const RestoreResult result = repository_.restore(saveTree(nodes), target_);
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(target_ / "a longer", longer.shortHex()),
                                         ProblemWith(target_ / "c same", same.shortHex()),
                                         ProblemWith(target_ / "d shorter", shorter.shortHex())));
  EXPECT_EQ(textOf(target_ / "b real"), noise(5000, low == real ? seed : seed + 1));
  EXPECT_EQ(std::distance(fs::directory_iterator(target_), {}), 1);
}

TEST_F(RestorerTest, moreFilesInParallelThanMayBeOpen) {
  // 300 files of two blobs each, first all first blobs and then all second ones in the packs.
  const auto writer = repository_.repository().newWriter();
  std::vector<Node> nodes;
  for (unsigned i = 0; i < 300; ++i) {
    nodes.push_back({.name = std::to_string(1000 + i), .mode = 0600, .size = 200});
    nodes.back().content.push_back(writer->save(BlobType::kData, asBytes(noise(100, i))).id);
  }
  for (unsigned i = 0; i < 300; ++i)
    nodes[i].content.push_back(writer->save(BlobType::kData, asBytes(noise(100, 1000 + i))).id);
  writer->flush();
  EXPECT_THAT(repository_.restore(saveTree(nodes), target_, {.threads = 3}).errors, IsEmpty());
  for (unsigned i = 0; i < 300; ++i)
    EXPECT_EQ(textOf(target_ / nodes[i].name), noise(100, i) + noise(100, 1000 + i));
}

TEST_F(RestorerTest, anOrdinaryUserRestoresWhatBelongsToOthersAsItsOwn) {
  if (geteuid() == 0) {
    ASSERT_EQ(chown(temp_.path().c_str(), 65534, 65534), 0);
  }
  const BlobId tree =
      saveTree({{.name = "file", .mode = repository::goMode(S_IFREG | 04755), .uid = 1, .gid = 1}});
  const OrdinaryUser user;
  EXPECT_THAT(repository_.restore(tree, target_).errors, IsEmpty());
  struct stat st {};
  ASSERT_EQ(::stat((target_ / "file").c_str(), &st), 0);
  EXPECT_EQ(st.st_uid, geteuid());
  EXPECT_EQ(st.st_mode & 07777, 0755U);  // nobody's rights are lent out
}

TEST_F(RestorerTest, withoutOwnersNobodysRightsAreLentOut) {
  const BlobId tree =
      saveTree({{.name = "file", .mode = repository::goMode(S_IFREG | 04755), .uid = 1, .gid = 1}});
  RestoreOptions options;
  options.ownership = false;
  EXPECT_THAT(repository_.restore(tree, target_, options).errors, IsEmpty());
  struct stat st {};
  ASSERT_EQ(::stat((target_ / "file").c_str(), &st), 0);
  EXPECT_EQ(st.st_uid, geteuid());
  EXPECT_EQ(st.st_mode & 07777, 0755U);
}

TEST_F(RestorerTest, aTargetThatCannotBeWrittenIsAnError) {
  writeText(source_ / "file", "x");
  const BlobId tree = archive();
  const OrdinaryUser user;
  try {
    repository_.restore(tree, "/proc/enamel");
    FAIL() << "it was written to /proc";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/proc/enamel"), std::string::npos);
  }
}

TEST_F(RestorerTest, aFullDiskEndsItWithAClearError) {
  writeText(source_ / "large", noise(9'000'000, 1));
  const BlobId tree = archive();
  fs::create_directories(target_);
  if (mount("tmpfs", target_.c_str(), "tmpfs", 0, "size=3m") != 0)
    GTEST_SKIP() << "making a small disk needs the right to mount";
  try {
    repository_.restore(tree, target_);
    ADD_FAILURE() << "9 MB fitted into 3";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoSpace);
    EXPECT_NE(std::string(error.what()).find("large"), std::string::npos);
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_TRUE(fs::is_empty(target_));
  EXPECT_EQ(umount(target_.c_str()), 0);
}

TEST_F(RestorerTest, aFileKeepsItsPlaceUntilTheNewOneIsWhole) {
  const BlobId blob = saveBlob(noise(1'000'000, 1));
  const BlobId tree = saveTree({{.name = "file", .mode = 0600, .size = 1'000'000, .content = {blob}}});
  fs::create_directories(target_);
  if (mount("tmpfs", target_.c_str(), "tmpfs", 0, "size=512k") != 0)
    GTEST_SKIP() << "making a small disk needs the right to mount";
  writeText(target_ / "file", "old");
  EXPECT_THROW(repository_.restore(tree, target_), Error);
  EXPECT_EQ(textOf(target_ / "file"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(target_), {}), 1);
  EXPECT_EQ(umount(target_.c_str()), 0);
}

}  // namespace
}  // namespace enamel::files
