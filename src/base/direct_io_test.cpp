#include "base/direct_io.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <random>

#include "base/error.h"
#include "base/file.h"

namespace enamel {
namespace {

Bytes pattern(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  Bytes bytes(size);
  for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
  return bytes;
}

// Sizes around blocks and around the bounce buffer, written in uneven parts, on a disk and on a memory file
// system.
TEST(DirectIo, WritesExactlyTheParts) {
  for (const char* parent : {"/var/tmp", "/dev/shm"}) {
    const TempDirectory folder("enamel-test-", parent);
    for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 1000000U, 4194304U, 4194305U, 9000001U}) {
      const Bytes data = pattern(size);
      const std::filesystem::path path = folder.path() / std::to_string(size);
      const std::size_t cut = size / 3;
      const std::array<ByteView, 3> parts = {ByteView(data).first(cut), ByteView(),
                                             ByteView(data).subspan(cut)};
      createFileDirect(path, parts, 0600);
      EXPECT_EQ(readFile(path), data) << parent << " " << size;
    }
  }
}

TEST(DirectIo, ReadsAnyRange) {
  const TempDirectory folder("enamel-test-", "/var/tmp");
  const Bytes data = pattern(9000001);
  const std::filesystem::path path = folder.path() / "file";
  const ByteView whole(data);
  createFileDirect(path, std::span(&whole, 1), 0600);
  for (const std::size_t offset : {0U, 1U, 4096U, 8191U, 4194303U, 8999000U}) {
    for (const std::size_t size : {1U, 4096U, 5000U, 4194304U, 9000001U}) {
      Bytes out(size);
      const std::size_t expected = std::min(size, data.size() - offset);
      ASSERT_EQ(readFileDirect(path, offset, out), expected) << offset << " " << size;
      out.resize(expected);
      EXPECT_TRUE(std::equal(out.begin(), out.end(), data.begin() + static_cast<std::ptrdiff_t>(offset)));
    }
  }
  Bytes out(10);
  EXPECT_EQ(readFileDirect(path, data.size(), out), 0U);
}

// A limit that no direct write can end at stands in for the disk that fills up in the middle of a block.
TEST(DirectIo, SaysWhyItCouldNotGoOn) {
  const TempDirectory folder("enamel-test-", "/var/tmp");
  const Fd fd = openFile(folder.path() / "file", O_WRONLY | O_CREAT | O_EXCL);
  const Bytes data = pattern(6000000);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit low{.rlim_cur = 4194304 + 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &low), 0);
  const int error = writeWholeDirect(fd.get(), data);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  if (error == ENOTSUP) GTEST_SKIP() << "no O_DIRECT in /var/tmp";
  EXPECT_EQ(error, EFBIG);
}

TEST(DirectIo, RefusesWhatIsThere) {
  const TempDirectory folder;
  const Bytes data = pattern(10);
  const ByteView whole(data);
  createFileDirect(folder.path() / "file", std::span(&whole, 1), 0600);
  EXPECT_THROW(createFileDirect(folder.path() / "file", std::span(&whole, 1), 0600), Error);
}

}  // namespace
}  // namespace enamel
