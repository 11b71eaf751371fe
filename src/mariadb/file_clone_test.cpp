#include "mariadb/file_clone.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;

class FileCloneTest : public ::testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path() / "t.MYD", std::ios::binary) << text; }
  fs::path path() const { return folder_.path(); }
  std::size_t names() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path()), fs::directory_iterator()));
  }

  TempDirectory folder_;
};

TEST_F(FileCloneTest, holdsWhatTheFileWasAndHasNoName) {
  write(std::string(300'000, 'a'));
  const DatabaseFolder folder(path());
  const FileCloner cloner(folder, "t.MYD");
  if (!cloner.works()) GTEST_SKIP() << "the file system of " << path() << " does not clone files";
  const Fd clone = cloner.clone(folder.open("t.MYD"));
  ASSERT_TRUE(clone);
  EXPECT_EQ(names(), 1U);
  write(std::string(300'000, 'b'));
  Bytes bytes(400'000);
  ASSERT_EQ(readFullAt(clone.get(), bytes, 0, "clone"), 300'000U);
  EXPECT_EQ(std::count(bytes.begin(), bytes.end(), 'a'), 300'000);
}

TEST_F(FileCloneTest, saysWhereItCannot) {
  const DatabaseFolder folder(path());
  EXPECT_FALSE(FileCloner(folder, "missing.MYD").works());
  const DatabaseFolder kernel("/proc/self");
  EXPECT_FALSE(FileCloner(kernel, "status").works());
}

}  // namespace
}  // namespace enamel::mariadb
