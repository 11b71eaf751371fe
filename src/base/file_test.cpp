#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace enamel {
namespace {

namespace fs = std::filesystem;

ErrorCode codeOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

void write(const fs::path& path, std::string_view text, mode_t mode = 0600) {
  const ByteView part = asBytes(text);
  writeFileDurably(path, std::span(&part, 1), mode);
}

std::size_t entriesOf(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(ReadFile, GivesBackWhatWasWritten) {
  const TempDirectory folder;
  const std::vector<ByteView> parts = {asBytes("one "), asBytes(""), asBytes("two")};
  writeFileDurably(folder.path() / "f", parts);
  EXPECT_EQ(asText(readFile(folder.path() / "f")), "one two");
  write(folder.path() / "empty", "");
  EXPECT_TRUE(readFile(folder.path() / "empty").empty());
}

TEST(ReadFile, TheLimitIsExact) {
  const TempDirectory folder;
  write(folder.path() / "f", std::string(1000, 'x'));
  EXPECT_EQ(readFile(folder.path() / "f", 1000).size(), 1000U);
  EXPECT_EQ(codeOf([&] { readFile(folder.path() / "f", 999); }), ErrorCode::kLimit);
}

// The size that stat tells is 0 for these: what counts is what can be read.
TEST(ReadFile, ReadsFilesThatSayTheyAreEmpty) {
  EXPECT_FALSE(readFile("/proc/self/status").empty());
  EXPECT_EQ(codeOf([] { readFile("/dev/zero", 100'000); }), ErrorCode::kLimit);
}

TEST(ReadFile, FoldersAndMissingFilesAreErrors) {
  const TempDirectory folder;
  EXPECT_EQ(codeOf([&] { readFile(folder.path()); }), ErrorCode::kIo);
  EXPECT_EQ(codeOf([&] { readFile(folder.path() / "no"); }), ErrorCode::kNotFound);
}

TEST(WriteFileDurably, ReplacesSetsTheModeAndLeavesNothingElse) {
  const TempDirectory folder;
  write(folder.path() / "f", "old");
  write(folder.path() / "f", "new", 0640);
  EXPECT_EQ(asText(readFile(folder.path() / "f")), "new");
  struct stat st {};
  ASSERT_EQ(::stat((folder.path() / "f").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0640U);
  EXPECT_EQ(entriesOf(folder.path()), 1U);
}

TEST(WriteFileDurably, AFailureLeavesWhatWasThere) {
  const TempDirectory folder;
  fs::create_directory(folder.path() / "taken");
  write(folder.path() / "taken" / "inside", "x");
  // A folder cannot be replaced by a file: the rename fails after everything was written.
  EXPECT_EQ(codeOf([&] { write(folder.path() / "taken", "x"); }), ErrorCode::kIo);
  EXPECT_EQ(entriesOf(folder.path()), 1U);
  EXPECT_TRUE(fs::exists(folder.path() / "taken" / "inside"));
  EXPECT_EQ(codeOf([&] { write(folder.path() / "no" / "f", "x"); }), ErrorCode::kNotFound);
}

TEST(WriteFileDurably, TakesANameWithoutFolder) {
  const TempDirectory folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write("f", "x");
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(folder.path() / "f"));
}

TEST(TempDirectory, IsPrivateAndGoesWithAllItHolds) {
  fs::path path;
  {
    TempDirectory folder("enamel-test-");
    path = folder.path();
    struct stat st {};
    ASSERT_EQ(::stat(path.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777, 0700U);
    EXPECT_EQ(path.filename().string().rfind("enamel-test-", 0), 0U);
    fs::create_directories(path / "deep" / "er");
    write(path / "deep" / "er" / "f", "x");
    const TempDirectory moved(std::move(folder));
    EXPECT_EQ(moved.path(), path);
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TempDirectory, ItsParentCanBeChosenAndMustExist) {
  const TempDirectory parent;
  const TempDirectory child("x-", parent.path());
  EXPECT_EQ(child.path().parent_path(), parent.path());
  EXPECT_EQ(codeOf([&] { TempDirectory("x-", parent.path() / "no"); }), ErrorCode::kNotFound);
}

TEST(RandomBytes, FillsAllOfTheBuffer) {
  Bytes first(4096), second(4096);
  std::fill(first.begin(), first.end(), 0);
  std::fill(second.begin(), second.end(), 0);
  randomBytes(first);
  randomBytes(second);
  EXPECT_NE(first, second);
  // 32 zero bytes in a row by chance: 1 in 2^243.
  for (std::size_t at = 0; at < first.size(); at += 32)
    EXPECT_TRUE(std::any_of(first.begin() + static_cast<std::ptrdiff_t>(at),
                            first.begin() + static_cast<std::ptrdiff_t>(at) + 32,
                            [](auto b) { return b != 0; }));
}

}  // namespace
}  // namespace enamel
