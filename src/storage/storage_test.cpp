#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>

#include "base/file.h"
#include "storage/local.h"
#include "storage/memory.h"
#include "storage/testing/conformance.h"

namespace enamel::storage {
namespace {

std::shared_ptr<Storage> makeMemory() {
  return std::make_shared<MemoryStorage>();
}

std::shared_ptr<Storage> makeLocal() {
  struct Owner {
    TempDirectory folder;
    LocalStorage storage{folder.path() / "repository"};
  };
  auto owner = std::make_shared<Owner>();
  return {owner, &owner->storage};
}

INSTANTIATE_TEST_SUITE_P(Memory, StorageConformance, ::testing::Values(&makeMemory));
INSTANTIATE_TEST_SUITE_P(Local, StorageConformance, ::testing::Values(&makeLocal));

class LocalStorageTest : public ::testing::Test {
 protected:
  void SetUp() override { storage_.create(); }
  TempDirectory folder_;
  LocalStorage storage_{folder_.path()};
  const std::string name_ = Sha256::of(asBytes("x")).hex();
};

TEST_F(LocalStorageTest, FilesAreReadOnlyAndWhereResticLooks) {
  storage_.put({FileType::kPack, name_}, asBytes("data"));
  struct stat st {};
  ASSERT_EQ(::stat((folder_.path() / "data" / name_.substr(0, 2) / name_).c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777U, 0400U);
}

TEST_F(LocalStorageTest, IgnoresAndSweepsTemporaryFiles) {
  const auto leftover = folder_.path() / "index" / (name_ + "-tmp-12345678");
  std::ofstream(leftover) << "half";
  std::ofstream(folder_.path() / "index" / "notes.txt") << "somebody's";
  EXPECT_TRUE(storage_.list(FileType::kIndex).empty());
  storage_.sweep(std::chrono::hours(1));
  EXPECT_TRUE(std::filesystem::exists(leftover)) << "young: somebody may be writing it";
  storage_.sweep(std::chrono::hours(0));
  EXPECT_FALSE(std::filesystem::exists(leftover));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "index" / "notes.txt"));
}

// restic's own have the same form; whatever has another is somebody's.
TEST_F(LocalStorageTest, SweepsEveryFolderAndOnlyWhatWritersLeave) {
  const std::string pack_folder = "data/" + name_.substr(0, 2);
  for (const std::string folder : {"keys", "locks", "snapshots", "index", pack_folder.c_str()}) {
    const auto at = folder_.path() / folder;
    std::ofstream(at / (name_ + "-tmp-1234567890")) << "half";
    std::ofstream(at / name_) << "whole";
    std::ofstream(at / ("mine" + name_ + "-tmp-1")) << "somebody's";
    storage_.sweep(std::chrono::hours(0));
    EXPECT_FALSE(std::filesystem::exists(at / (name_ + "-tmp-1234567890"))) << folder;
    EXPECT_TRUE(std::filesystem::exists(at / name_)) << folder;
    EXPECT_TRUE(std::filesystem::exists(at / ("mine" + name_ + "-tmp-1"))) << folder;
  }
}

TEST_F(LocalStorageTest, MakesAPackFolderThatIsMissing) {
  std::filesystem::remove(folder_.path() / "data" / name_.substr(0, 2));
  storage_.put({FileType::kConfig, ""}, asBytes("config"));
  storage_.put({FileType::kPack, name_}, asBytes("data"));
  EXPECT_EQ(storage_.list(FileType::kPack).size(), 1U);
}

// Two writers of one name: the second finds out at the rename, when its look before is long past.
TEST_F(LocalStorageTest, AWriteThatMustNotReplaceDoesNot) {
  const auto file = folder_.path() / "index" / name_;
  const ByteView first = asBytes("first"), second = asBytes("second");
  writeFileDurably(file, {&first, 1}, 0400, IfThere::kFail);
  try {
    writeFileDurably(file, {&second, 1}, 0400, IfThere::kFail);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kExists);
  }
  EXPECT_EQ(asText(storage_.get({FileType::kIndex, name_}, 100)), "first");
  EXPECT_EQ(storage_.list(FileType::kIndex).size(), 1U);
  const auto entries = std::filesystem::directory_iterator(folder_.path() / "index");
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "no temporary file left";
}

TEST_F(LocalStorageTest, AnUnreachableFolderIsAnErrorOfOurs) {
  LocalStorage below_a_file(folder_.path() / "notes" / "repository");
  std::ofstream(folder_.path() / "notes") << "a file";
  EXPECT_THROW(below_a_file.create(), Error);
  LocalStorage too_long(folder_.path() / std::string(300, 'x'));
  EXPECT_THROW(too_long.create(), Error);
}

TEST_F(LocalStorageTest, ADiskThatIsGoneIsNamed) {
  std::filesystem::remove_all(folder_.path());
  try {
    storage_.put({FileType::kLock, std::string(64, 'a')}, asBytes("x"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kIo);
    EXPECT_NE(e.hint().find("connected"), std::string::npos);
  }
}

TEST_F(LocalStorageTest, AFullDiskLeavesNothingBehind) {
  // A limit on file size stands in for the disk: the same write fails half way.
  const Bytes data(3'000'000, 1);
  struct rlimit old {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGXFSZ, &ignore, &before);
  struct rlimit small = old;
  small.rlim_cur = 1'000'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(storage_.put({FileType::kPack, name_}, data), Error);
  setrlimit(RLIMIT_FSIZE, &old);
  sigaction(SIGXFSZ, &before, nullptr);
  EXPECT_TRUE(storage_.list(FileType::kPack).empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "data" / name_.substr(0, 2)));
}

}  // namespace
}  // namespace enamel::storage
