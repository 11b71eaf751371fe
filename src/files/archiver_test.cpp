#include "files/archiver.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "files/testing/file_tree.h"

namespace enamel::files {
namespace {

namespace fs = std::filesystem;
using repository::BlobId;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ArchiveOptions kOneThread{.threads = 1, .priority = Priority::kNormal};

MATCHER_P2(ProblemWith, path, text, "") {
  return arg.path == fs::path(path).string() && arg.what.find(text) != std::string::npos;
}

// Bytes this process has read with read(2) and its like.
std::uint64_t bytesRead() {
  std::ifstream io("/proc/self/io");
  std::string label;
  std::uint64_t count = 0;
  io >> label >> count;
  EXPECT_EQ(label, "rchar:");
  return count;
}

class ArchiverTest : public ::testing::Test {
 protected:
  ArchiverTest() {
    fs::create_directory(source_);
    fs::permissions(temp_.path(), fs::perms(0755));
  }

  Node nodeAt(const ArchiveResult& result, const fs::path& path) {
    Node node = result.root;
    for (const fs::path& name : path) {
      const repository::Tree tree = repository_.repository().loadTree(node.subtree.value());
      const Node* found = tree.find(name.string());
      if (found == nullptr) throw std::runtime_error("not in the tree: " + path.string());
      node = *found;
    }
    return node;
  }
  bool isStored(const ArchiveResult& result, const std::string& name) {
    return repository_.repository().loadTree(*result.root.subtree).find(name) != nullptr;
  }
  std::string contentOf(const Node& node) {
    std::string out;
    for (const BlobId& id : node.content)
      out += asText(repository_.repository().loadBlob(BlobType::kData, id));
    return out;
  }
  // In and out again: equal in everything.
  void expectRoundTrip(const ArchiveOptions& options = {.priority = Priority::kNormal}) {
    const ArchiveResult stored = repository_.archive(source_, {}, options);
    EXPECT_THAT(stored.errors, IsEmpty());
    EXPECT_THAT(stored.warnings, IsEmpty());
    repository_.reopen();
    const TempDirectory target;
    const RestoreResult restored = repository_.restore(*stored.root.subtree, target.path());
    EXPECT_THAT(restored.errors, IsEmpty());
    EXPECT_EQ(describeTree(source_), describeTree(target.path()));
  }

  TempDirectory temp_;
  fs::path source_ = temp_.path() / "source";
  TestRepository repository_;
};

TEST_F(ArchiverTest, filesOfAllSizesComeOutAsTheyWentIn) {
  for (const std::size_t size : {0, 1, 4095, 4096, 65536, 524287, 524288, 1 << 20, (4 << 20) - 1, 4 << 20,
                                 (6 << 20) - 1, 6 << 20, 13'000'001})
    writeText(source_ / ("file " + std::to_string(size)), noise(size, size));
  expectRoundTrip();
}

TEST_F(ArchiverTest, manyLargeFilesAtOnceShareTheThreads) {
  for (std::uint64_t i = 0; i < 6; ++i) writeText(source_ / std::to_string(i), noise(11'000'000 + i, i));
  expectRoundTrip({.threads = 4, .priority = Priority::kNormal});
}

TEST_F(ArchiverTest, sparseFilesComeOutEqualAndSparse) {
  writeText(source_ / "sparse", noise(5000, 1));
  fs::resize_file(source_ / "sparse", 40'000'000);
  writeText(source_ / "only a hole", "");
  fs::resize_file(source_ / "only a hole", 3'000'000);
  const ArchiveResult stored = repository_.archive(source_);
  const TempDirectory target;
  repository_.restore(*stored.root.subtree, target.path());
  EXPECT_EQ(describeTree(source_), describeTree(target.path()));
  for (const char* name : {"sparse", "only a hole"}) {
    struct stat st {};
    ASSERT_EQ(::stat((target.path() / name).c_str(), &st), 0);
    EXPECT_LT(st.st_blocks * 512, 1'000'000) << name;
  }
}

TEST_F(ArchiverTest, linksAndSpecialFilesComeOutAsTheyWentIn) {
  writeText(source_ / "file", "content");
  fs::create_directory(source_ / "folder");
  fs::create_symlink("file", source_ / "to file");
  fs::create_symlink("folder", source_ / "to folder");
  fs::create_symlink("/nowhere/at all", source_ / "dangling");
  fs::create_symlink(std::string(1000, 'x'), source_ / "long");
  setTimes(source_ / "dangling", 1'000'000'000, 123'456'789);
  fs::create_hard_link(source_ / "file", source_ / "folder" / "same file");
  fs::create_hard_link(source_ / "file", source_ / "a first name");
  ASSERT_EQ(mkfifo((source_ / "pipe").c_str(), 0640), 0);
  const Fd socket_fd(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s", (source_ / "socket").c_str());
  ASSERT_EQ(bind(socket_fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  // Only root may make devices; for others there are none to back up in a folder of their own.
  if (geteuid() == 0) {
    ASSERT_EQ(mknod((source_ / "null").c_str(), S_IFCHR | 0620, makedev(1, 3)), 0);
  }
  expectRoundTrip();
}

TEST_F(ArchiverTest, namesOfAnyBytesComeOutAsTheyWentIn) {
  for (const std::string& name :
       {std::string("with space"), std::string("new\nline"), std::string("quote\"back\\slash"),
        std::string("invalid \xff\xfe utf-8 \xc3"), std::string("\x01\x7f\x80"), std::string("Zähne–口腔"),
        std::string(255, 'n'), std::string("-rf"), std::string("..."), std::string("\\xff")}) {
    writeText(source_ / name, name);
    if (name.size() < 250) {
      fs::create_directory(source_ / (name + ".d"));
      writeText(source_ / (name + ".d") / name, name);
    }
  }
  expectRoundTrip();
}

TEST_F(ArchiverTest, permissionsTimesAndAttributesComeOutAsTheyWentIn) {
  for (const int mode : {0400, 0444, 0600, 0644, 0755, 0777, 04755, 02711, 01777, 06755}) {
    const std::string octal = std::to_string(mode);
    writeText(source_ / ("file " + octal), octal);
    fs::create_directory(source_ / ("folder " + octal));
    writeText(source_ / ("folder " + octal) / "inside", octal);
    ASSERT_EQ(chmod((source_ / ("file " + octal)).c_str(), static_cast<mode_t>(mode)), 0);
    ASSERT_EQ(chmod((source_ / ("folder " + octal)).c_str(), static_cast<mode_t>(mode | 0500)), 0);
  }
  const fs::path file = source_ / "attributes";
  writeText(file, "x");
  fs::create_directory(source_ / "folder with attributes");
  const std::string value = noise(1500, 3);
  ASSERT_EQ(setxattr(file.c_str(), "user.long", value.data(), value.size(), 0), 0);
  ASSERT_EQ(setxattr(file.c_str(), "user.empty", "", 0, 0), 0);
  ASSERT_EQ(setxattr((source_ / "folder with attributes").c_str(), "user.f", "\0\1", 2, 0), 0);
  if (geteuid() == 0) {
    ASSERT_EQ(chown(file.c_str(), 4242, 4343), 0);
  }
  setTimes(file, 1'700'000'000, 1);
  writeText(source_ / "before 1970", "x");
  setTimes(source_ / "before 1970", -1000, 999'999'999);
  setTimes(source_ / "folder with attributes", 86'400, 5);
  expectRoundTrip();
}

TEST_F(ArchiverTest, treesDeeperThanAPathMayBeLong) {
  // 30 names of 200 bytes: past PATH_MAX; below them 400 short ones: past the folders kept open.
  Fd at = openFile(source_.string(), O_RDONLY | O_DIRECTORY);
  for (int level = 0; level < 430; ++level) {
    const std::string name = level < 30 ? std::string(200, 'd') : "d";
    ASSERT_EQ(mkdirat(at.get(), name.c_str(), 0755), 0);
    Fd next(::openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const Fd file(::openat(next.get(), "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    ASSERT_EQ(::write(file.get(), &level, sizeof level), static_cast<ssize_t>(sizeof level));
    at = std::move(next);
  }
  expectRoundTrip();
}

TEST_F(ArchiverTest, anUnchangedFolderIsTakenOverUnread) {
  fs::create_directories(source_ / "a" / "b");
  writeText(source_ / "a" / "b" / "large", noise(9'000'000, 1));
  writeText(source_ / "a" / "small", noise(100'000, 2));
  fs::create_symlink("small", source_ / "a" / "link");
  const ArchiveResult first = repository_.archive(source_);
  EXPECT_EQ(first.stats.files_new, 2U);
  EXPECT_EQ(first.stats.dirs_new, 3U);
  EXPECT_EQ(first.stats.bytes, 9'100'000U);

  repository_.reopen();
  const std::uint64_t read_before = bytesRead();
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_LT(bytesRead() - read_before, 100'000U);
  EXPECT_EQ(second.root.subtree, first.root.subtree);
  EXPECT_EQ(second.stats.files_unmodified, 2U);
  EXPECT_EQ(second.stats.files_new + second.stats.files_changed, 0U);
  EXPECT_EQ(second.stats.dirs_unmodified, 3U);
  EXPECT_EQ(second.stats.bytes, 9'100'000U);
  EXPECT_EQ(repository_.stats().data_blobs + repository_.stats().tree_blobs, 0U);
}

TEST_F(ArchiverTest, onlyWhatChangedIsReadAgain) {
  fs::create_directory(source_ / "same");
  fs::create_directory(source_ / "other");
  writeText(source_ / "same" / "file", noise(2'000'000, 1));
  writeText(source_ / "other" / "changed", "one");
  writeText(source_ / "other" / "removed", "two");
  const ArchiveResult first = repository_.archive(source_);

  writeText(source_ / "other" / "changed", "ONE");
  fs::remove(source_ / "other" / "removed");
  writeText(source_ / "other" / "new", "three");
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_EQ(second.stats.files_unmodified, 1U);
  EXPECT_EQ(second.stats.files_changed, 1U);
  EXPECT_EQ(second.stats.files_new, 1U);
  EXPECT_EQ(second.stats.dirs_unmodified, 1U);
  EXPECT_EQ(second.stats.dirs_changed, 2U);
  EXPECT_EQ(repository_.stats().data_blobs, 2U);
  EXPECT_EQ(nodeAt(second, "same").subtree, nodeAt(first, "same").subtree);
  EXPECT_EQ(contentOf(nodeAt(second, "other/changed")), "ONE");
  EXPECT_THROW(nodeAt(second, "other/removed"), std::runtime_error);
}

TEST_F(ArchiverTest, aRemovedFileAloneMakesANewTree) {
  writeText(source_ / "a", "a");
  writeText(source_ / "b", "b");
  const ArchiveResult first = repository_.archive(source_);
  fs::remove(source_ / "b");
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_NE(second.root.subtree, first.root.subtree);
  EXPECT_FALSE(isStored(second, "b"));
}

TEST_F(ArchiverTest, aFileChangedBehindItsTimesIsReadAgain) {
  writeText(source_ / "file", "before");
  setTimes(source_ / "file", 1'000'000'000, 0);
  const ArchiveResult first = repository_.archive(source_);
  writeText(source_ / "file", "after!");
  setTimes(source_ / "file", 1'000'000'000, 0);  // the time of the last status change tells
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_EQ(contentOf(nodeAt(second, "file")), "after!");
}

TEST_F(ArchiverTest, aFileWrittenJustBeforeAndAfterTheBackupIsNotTakenForUnchanged) {
  // Within one tick of the kernel's clock the two contents have the same times and the same size.
  std::optional<BlobId> parent;
  for (int round = 0; round < 5; ++round) {
    writeText(source_ / "file", "content A");
    const ArchiveResult first = repository_.archive(source_, parent);
    writeText(source_ / "file", "content B");
    const ArchiveResult second = repository_.archive(source_, first.root.subtree);
    ASSERT_EQ(contentOf(nodeAt(second, "file")), "content B");
    parent = second.root.subtree;
  }
}

TEST_F(ArchiverTest, newPermissionsAloneNeedANewTreeAndNoReading) {
  writeText(source_ / "file", noise(100'000, 1));
  ASSERT_EQ(chmod((source_ / "file").c_str(), 0644), 0);
  const ArchiveResult first = repository_.archive(source_);
  ASSERT_EQ(chmod((source_ / "file").c_str(), 0600), 0);
  const ArchiveResult second = repository_.archive(source_, first.root.subtree);
  EXPECT_EQ(nodeAt(second, "file").mode, 0600U);
  EXPECT_EQ(repository_.stats().data_blobs, 0U);
}

TEST_F(ArchiverTest, aParentWhoseBlobsAreGoneIsReadAgain) {
  writeText(source_ / "file", "content");
  const ArchiveResult first = repository_.archive(source_);
  // Another repository that has the tree, but not what it names.
  const repository::Tree tree = repository_.repository().loadTree(*first.root.subtree);
  TestRepository other;
  const auto writer = other.repository().newWriter();
  const BlobId id = writer->saveTree(tree);
  writer->flush();
  const ArchiveResult second = other.archive(source_, id);
  EXPECT_EQ(second.stats.files_changed, 1U);
  EXPECT_EQ(other.stats().data_blobs, 1U);
}

TEST_F(ArchiverTest, aParentThatIsNotThereIsNoObstacle) {
  writeText(source_ / "file", "content");
  const ArchiveResult result = repository_.archive(source_, BlobId::of(asBytes("no such tree")));
  EXPECT_EQ(result.stats.files_new, 1U);
  EXPECT_EQ(contentOf(nodeAt(result, "file")), "content");
}

TEST_F(ArchiverTest, whatCannotBeReadIsNamedAndTheRestStored) {
  fs::create_directory(source_ / "closed");
  writeText(source_ / "closed" / "inside", "x");
  writeText(source_ / "secret", "x");
  writeText(source_ / "open", "x");
  fs::permissions(source_ / "secret", fs::perms(0));
  fs::permissions(source_ / "closed", fs::perms(0));
  ArchiveResult result;
  {
    const OrdinaryUser user;
    result = repository_.archive(source_);
  }
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(source_ / "closed", "Permission denied"),
                                         ProblemWith(source_ / "secret", "Permission denied")));
  EXPECT_TRUE(isStored(result, "open"));
  EXPECT_FALSE(isStored(result, "secret"));
  EXPECT_FALSE(isStored(result, "closed"));
  fs::permissions(source_ / "closed", fs::perms(0700));
}

TEST_F(ArchiverTest, aRootThatCannotBeReadIsAnError) {
  const auto codeOf = [&](const fs::path& folder) {
    try {
      repository_.archive(folder);
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(folder.string()), std::string::npos) << error.what();
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(codeOf(source_ / "missing"), ErrorCode::kNotFound);
  writeText(source_ / "file", "x");
  EXPECT_EQ(codeOf(source_ / "file"), ErrorCode::kIo);
  fs::create_directory(source_ / "closed");
  fs::permissions(source_ / "closed", fs::perms(0));
  {
    const OrdinaryUser user;
    EXPECT_EQ(codeOf(source_ / "closed"), ErrorCode::kPermission);
  }
}

TEST_F(ArchiverTest, whatVanishesDuringTheWalkIsAWarning) {
  writeText(source_ / "a", "a");
  writeText(source_ / "b", "b");
  fs::create_directory(source_ / "folder");
  writeText(source_ / "folder" / "c", "c");
  const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType, ByteView) {
    fs::remove(source_ / "b");
    fs::remove_all(source_ / "folder");
  });
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, ElementsAre(ProblemWith(source_ / "b", "vanished"),
                                           ProblemWith(source_ / "folder", "vanished")));
  EXPECT_TRUE(isStored(result, "a"));
  EXPECT_FALSE(isStored(result, "b"));
  EXPECT_FALSE(isStored(result, "folder"));
}

TEST_F(ArchiverTest, aFileSavedBetweenTheLookAndTheReadingIsStoredWhole) {
  writeText(source_ / "a", "a");
  writeText(source_ / "b", "old");
  int saved = 0;
  const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType, ByteView) {
    if (saved++ == 0) writeText(source_ / "b", "new and longer");
  });
  EXPECT_THAT(result.warnings, IsEmpty());
  const Node node = nodeAt(result, "b");
  EXPECT_EQ(contentOf(node), "new and longer");
  EXPECT_EQ(node.size, 14U);
  struct stat st {};
  ASSERT_EQ(::stat((source_ / "b").c_str(), &st), 0);
  EXPECT_EQ(node.mtime.ns, st.st_mtim.tv_sec * 1'000'000'000 + st.st_mtim.tv_nsec);
}

TEST_F(ArchiverTest, aFileThatChangesWhileItIsReadIsAWarningAndOfOneSize) {
  for (const bool grows : {true, false}) {
    writeText(source_ / "large", noise(20'000'000, 1));
    const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType type, ByteView) {
      if (type == BlobType::kData) fs::resize_file(source_ / "large", grows ? 25'000'000 : 15'000'000);
    });
    EXPECT_THAT(result.errors, IsEmpty());
    EXPECT_THAT(result.warnings, ElementsAre(ProblemWith(source_ / "large", "changed while it was read")));
    const Node node = nodeAt(result, "large");
    EXPECT_EQ(contentOf(node).size(), node.size);
    EXPECT_EQ(contentOf(node).substr(0, 1'000'000), noise(1'000'000, 1));
  }
}

TEST_F(ArchiverTest, aFileReplacedBySomethingElseDuringTheWalkIsAnError) {
  const std::vector<std::function<void(const fs::path&)>> replacements = {
      [](const fs::path& path) { ASSERT_EQ(mkfifo(path.c_str(), 0600), 0); },
      [](const fs::path& path) { fs::create_symlink("/etc/passwd", path); },
      [](const fs::path& path) { fs::create_directory(path); },
  };
  for (const auto& replace : replacements) {
    writeText(source_ / "a", "a");
    writeText(source_ / "b", "b");
    const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType type, ByteView) {
      if (type != BlobType::kData) return;
      fs::remove(source_ / "b");
      replace(source_ / "b");
    });
    EXPECT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors.at(0).path, (source_ / "b").string());
    EXPECT_FALSE(isStored(result, "b"));
    fs::remove(source_ / "b");
  }
}

TEST_F(ArchiverTest, excludedPathsAreLeftOut) {
  fs::create_directories(source_ / "keep" / "cache");
  fs::create_directories(source_ / "cache");
  writeText(source_ / "cache" / "x", "x");
  writeText(source_ / "keep" / "cache" / "y", "y");
  writeText(source_ / "thumbs", "x");
  const ArchiveResult result =
      repository_.archive(source_, {},
                          {.priority = Priority::kNormal,
                           .excludes = {(source_ / "cache").string() + "/", (source_ / "thumbs").string()}});
  EXPECT_FALSE(isStored(result, "cache"));
  EXPECT_FALSE(isStored(result, "thumbs"));
  EXPECT_NO_THROW(nodeAt(result, "keep/cache/y"));
  EXPECT_THROW(repository_.archive(source_, {}, {.excludes = {source_.string()}}), Error);
}

TEST_F(ArchiverTest, otherFileSystemsAreCrossedUnlessToldNot) {
  struct stat dev {
  }, pts{};
  if (::stat("/dev", &dev) != 0 || ::stat("/dev/pts", &pts) != 0 || dev.st_dev == pts.st_dev)
    GTEST_SKIP() << "nothing is mounted on /dev/pts here";
  ArchiveOptions options{.threads = 1, .priority = Priority::kNormal};
  // Nothing in /dev is read but what is no device: there is next to nothing of that.
  options.excludes = {"/dev/shm", "/dev/mqueue", "/dev/hugepages"};
  const ArchiveResult crossed = repository_.archive("/dev", {}, options);
  options.one_file_system = true;
  const ArchiveResult kept = repository_.archive("/dev", {}, options);
  EXPECT_FALSE(repository_.repository().loadTree(*nodeAt(crossed, "pts").subtree).nodes.empty());
  EXPECT_TRUE(repository_.repository().loadTree(*nodeAt(kept, "pts").subtree).nodes.empty());
}

TEST_F(ArchiverTest, anyNumberOfThreadsMakesTheSameTree) {
  for (int i = 0; i < 40; ++i) {
    const fs::path folder = source_ / std::to_string(i % 7) / std::to_string(i);
    fs::create_directories(folder);
    for (int j = 0; j < i; ++j)
      writeText(folder / std::to_string(j), noise(static_cast<std::size_t>(i * j), 9));
  }
  const ArchiveResult one = repository_.archive(source_, {}, kOneThread);
  EXPECT_EQ(one.stats.files, 780U);
  for (const std::size_t threads : {2U, 7U}) {
    const ArchiveResult more =
        TestRepository().archive(source_, {}, {.threads = threads, .priority = Priority::kNormal});
    EXPECT_EQ(more.root.subtree, one.root.subtree);
    EXPECT_EQ(more.stats.files, 780U);
  }
}

TEST_F(ArchiverTest, aFailureOfTheRepositoryEndsTheWalk) {
  for (int i = 0; i < 200; ++i) writeText(source_ / std::to_string(i), noise(5000, static_cast<unsigned>(i)));
  writeText(source_ / "large", noise(20'000'000, 5));
  std::atomic<int> left{20};
  const auto fail = [&](BlobType, ByteView) {
    if (--left < 0) throw Error(ErrorCode::kNoSpace, "no space left");
  };
  try {
    repository_.archive(source_, {}, {.threads = 3, .priority = Priority::kNormal}, fail);
    FAIL() << "the failure was lost";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoSpace);
  }
}

TEST_F(ArchiverTest, cancellingEndsTheWalk) {
  for (int i = 0; i < 50; ++i) writeText(source_ / std::to_string(i), noise(5000, static_cast<unsigned>(i)));
  CancelToken cancel;
  std::atomic<int> saved{0};
  const auto stop = [&](BlobType, ByteView) {
    ++saved;
    cancel.cancel();
  };
  try {
    repository_.archive(source_, {}, kOneThread, stop, cancel);
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_EQ(saved, 1);
}

TEST_F(ArchiverTest, theRootIsNamedAfterTheFolder) {
  const ArchiveResult result = repository_.archive(source_.string() + "/");
  EXPECT_EQ(result.root.name, "source");
  EXPECT_EQ(result.root.type, NodeType::kDirectory);
  EXPECT_TRUE(repository_.repository().loadTree(result.root.subtree.value()).nodes.empty());
}

}  // namespace
}  // namespace enamel::files
