#include "base/scratch_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/error.h"

namespace enamel {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void write(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "content";
}

// The scratch folder of a process that is gone without having cleaned up.
fs::path leaveAbandoned(const fs::path& parent) {
  int report[2];
  EXPECT_EQ(pipe(report), 0);
  const pid_t child = fork();
  if (child == 0) {
    const ScratchFolder folder("test", parent);
    write(folder.path() / "server" / "data" / "patient.MYD");
    const std::string path = folder.path();
    if (::write(report[1], path.data(), path.size()) < 0) _exit(1);
    ::raise(SIGKILL);
  }
  ::close(report[1]);
  std::string path;
  for (char buffer[256];;) {
    const ssize_t n = ::read(report[0], buffer, sizeof buffer);
    if (n <= 0) break;
    path.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(report[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(fs::exists(fs::path(path) / "server" / "data" / "patient.MYD"));
  return path;
}

TEST(ScratchFolderTest, isGoneWithTheObject) {
  const TempDirectory parent;
  {
    const ScratchFolder folder("test", parent.path());
    EXPECT_THAT(folder.path().filename().string(), testing::StartsWith("enamel-scratch-test-"));
  }
  EXPECT_TRUE(fs::is_empty(parent.path()));
}

TEST(ScratchFolderTest, whatAKilledProcessLeftIsRemoved) {
  const TempDirectory parent;
  const fs::path left = leaveAbandoned(parent.path());
  fs::path asked;
  EXPECT_THAT(ScratchFolder::removeAbandoned(parent.path(), [&](const fs::path& folder) { asked = folder; }),
              ElementsAre(left));
  EXPECT_EQ(asked, left);
  EXPECT_TRUE(fs::is_empty(parent.path()));
}

TEST(ScratchFolderTest, aFolderThatSomebodyStillNeedsStays) {
  const TempDirectory parent;
  const fs::path left = leaveAbandoned(parent.path());
  EXPECT_THAT(ScratchFolder::removeAbandoned(
                  parent.path(), [](const fs::path&) { throw Error(ErrorCode::kIo, "its server lives"); }),
              IsEmpty());
  EXPECT_TRUE(fs::exists(left / "server" / "data" / "patient.MYD"));
}

TEST(ScratchFolderTest, nothingElseIsRemoved) {
  const TempDirectory parent;
  const ScratchFolder in_use("test", parent.path());
  const fs::path none = parent.path() / "enamel-scratch-without-lock", other = parent.path() / "other";
  const fs::path link = parent.path() / "enamel-scratch-link", file = parent.path() / "enamel-scratch-file";
  const fs::path linked = parent.path() / "enamel-scratch-linked";
  write(none / "x");
  write(file);
  fs::create_directories(linked);
  fs::rename(leaveAbandoned(parent.path()), other);
  fs::create_directory_symlink(other, link);
  fs::create_symlink(other / "enamel-scratch.lock", linked / "enamel-scratch.lock");
  EXPECT_THAT(ScratchFolder::removeAbandoned(parent.path()), IsEmpty());
  for (const fs::path& path : {in_use.path(), none / "x", other / "server" / "data" / "patient.MYD", file})
    EXPECT_TRUE(fs::exists(path)) << path;
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_TRUE(fs::is_symlink(linked / "enamel-scratch.lock"));
  EXPECT_THAT(ScratchFolder::removeAbandoned(parent.path() / "missing"), IsEmpty());
}

TEST(ScratchFolderTest, anothersFolderStays) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const TempDirectory parent;
  const fs::path left = leaveAbandoned(parent.path());
  ASSERT_EQ(chown(left.c_str(), 65534, 65534), 0);
  EXPECT_THAT(ScratchFolder::removeAbandoned(parent.path()), IsEmpty());
  EXPECT_TRUE(fs::exists(left));
}

TEST(RequireSpaceTest, namesTheFolderTheNeedAndTheWayOut) {
  const TempDirectory folder;
  EXPECT_NO_THROW(requireSpace(folder.path(), 1, "the table files", "--scratch-folder DIR"));
  try {
    requireSpace(folder.path(), std::uint64_t{1} << 60, "the table files", "--scratch-folder DIR");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kNoSpace);
    EXPECT_THAT(e.what(), HasSubstr(folder.path().string()));
    EXPECT_THAT(e.what(), HasSubstr("the table files need about "));
    EXPECT_THAT(e.hint(), HasSubstr("--scratch-folder DIR"));
  }
}

}  // namespace
}  // namespace enamel
