#include "files/archiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <atomic>
#include <utility>

#include "base/error.h"
#include "files/testing/archive_fixture.h"

namespace enamel::files {
namespace {

namespace fs = std::filesystem;
using repository::BlobType;
using repository::Node;
using repository::NodeType;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using ArchiverTest = ArchiveFixture;

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

TEST_F(ArchiverTest, aFileThatVanishesIsAWarningAndAFolderThatDoesAnError) {
  writeText(source_ / "a", "a");
  writeText(source_ / "b", "b");
  fs::create_directory(source_ / "folder");
  writeText(source_ / "folder" / "c", "c");
  const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType, ByteView) {
    fs::remove(source_ / "b");
    fs::remove_all(source_ / "folder");
  });
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(source_ / "folder", "moved or removed")));
  EXPECT_THAT(result.warnings, ElementsAre(ProblemWith(source_ / "b", "vanished")));
  EXPECT_TRUE(isStored(result, "a"));
  EXPECT_FALSE(isStored(result, "b"));
  EXPECT_FALSE(isStored(result, "folder"));
}

TEST_F(ArchiverTest, whatAMovedFolderTakesAwayIsNoCompleteBackup) {
  // Deeper than folders are kept open: the walk finds its way back by names.
  fs::path at = source_;
  for (int depth = 1; depth <= 128; ++depth) at /= "d";
  const fs::path before = at / "before", deep = before / "deep";
  fs::create_directories(deep / "x");
  fs::create_directories(deep / "y");
  writeText(deep / "x" / "file", "x");
  writeText(deep / "y" / "file", "y");
  bool moved = false;
  const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType type, ByteView) {
    if (type != BlobType::kData || std::exchange(moved, true)) return;
    fs::rename(before, at / "after");
  });
  ASSERT_TRUE(moved);
  EXPECT_THAT(result.errors, ElementsAre(ProblemWith(deep / "y", "moved or removed")));
}

TEST_F(ArchiverTest, aSmallFileThatBecameLargeIsStoredWhole) {
  writeText(source_ / "a", "a");
  writeText(source_ / "b", "small");
  bool grown = false;
  const ArchiveResult result = repository_.archive(source_, {}, kOneThread, [&](BlobType, ByteView) {
    if (!std::exchange(grown, true)) writeText(source_ / "b", noise(9'000'000, 1));
  });
  EXPECT_THAT(result.warnings, IsEmpty());
  const Node node = nodeAt(result, "b");
  EXPECT_EQ(node.size, 9'000'000U);
  EXPECT_TRUE(contentOf(node) == noise(9'000'000, 1));
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
