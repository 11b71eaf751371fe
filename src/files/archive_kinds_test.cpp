// Every kind of file, name and metadata goes in and comes out equal.

#include "files/archiver.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "files/testing/archive_fixture.h"

namespace enamel::files {
namespace {

namespace fs = std::filesystem;

using ArchiveKindsTest = ArchiveFixture;

TEST_F(ArchiveKindsTest, filesOfAllSizesComeOutAsTheyWentIn) {
  for (const std::size_t size : {0, 1, 4095, 4096, 65536, 524287, 524288, 1 << 20, (4 << 20) - 1, 4 << 20,
                                 (6 << 20) - 1, 6 << 20, 13'000'001})
    writeText(source_ / ("file " + std::to_string(size)), noise(size, size));
  expectRoundTrip();
}

TEST_F(ArchiveKindsTest, manyLargeFilesAtOnceShareTheThreads) {
  for (std::uint64_t i = 0; i < 6; ++i) writeText(source_ / std::to_string(i), noise(11'000'000 + i, i));
  expectRoundTrip({.threads = 4, .priority = Priority::kNormal});
}

TEST_F(ArchiveKindsTest, sparseFilesComeOutEqualAndSparse) {
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

TEST_F(ArchiveKindsTest, linksAndSpecialFilesComeOutAsTheyWentIn) {
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

TEST_F(ArchiveKindsTest, aLinkToAFolderIsWarnedOf) {
  writeText(source_ / "file", "content");
  fs::create_directory(source_ / "folder");
  fs::create_symlink("folder", source_ / "to folder");
  fs::create_symlink("file", source_ / "to file");
  const ArchiveResult first = repository_.archive(source_);
  EXPECT_THAT(first.warnings,
              ::testing::ElementsAre(ProblemWith(source_ / "to folder", "is a link to a folder")));
  EXPECT_EQ(repository_.archive(source_, first.root.subtree).warnings.size(), 1U);
}

TEST_F(ArchiveKindsTest, namesOfAnyBytesComeOutAsTheyWentIn) {
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

TEST_F(ArchiveKindsTest, permissionsTimesAndAttributesComeOutAsTheyWentIn) {
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

TEST_F(ArchiveKindsTest, treesDeeperThanAPathMayBeLong) {
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

}  // namespace
}  // namespace enamel::files
