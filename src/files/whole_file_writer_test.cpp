#include "files/whole_file_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <random>

#include "base/fd.h"
#include "base/file.h"

namespace enamel::files {
namespace {

// Sizes on both sides of every limit (the last ones once the disk is known), with and without runs of zeros,
// on a disk and on a memory file system.
TEST(WholeFileWriter, WritesExactlyTheData) {
  std::mt19937 random(1);
  for (const char* parent : {"/var/tmp", "/dev/shm"}) {
    const TempDirectory folder("enamel-test-", parent);
    WholeFileWriter writer;
    int number = 0;
    for (const std::size_t size :
         {0U, 1U, 65535U, 65536U, 65537U, 200000U, 5000001U, 17000000U, 16383U, 16384U, 16385U, 20479U}) {
      for (const bool zeros : {false, true}) {
        Bytes data(size);
        for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
        if (zeros) std::fill(data.begin() + static_cast<std::ptrdiff_t>(size / 2), data.end(), 0);
        const std::filesystem::path path = folder.path() / std::to_string(number++);
        const Fd fd = openFile(path, O_WRONLY | O_CREAT | O_EXCL);
        ASSERT_EQ(writer.write(fd.get(), data), 0);
        EXPECT_EQ(readFile(path), data) << parent << " " << size << " " << zeros;
        struct stat st {};
        ASSERT_EQ(fstat(fd.get(), &st), 0);
        if (zeros && size > 1000000) {
          EXPECT_LT(static_cast<std::size_t>(st.st_blocks) * 512, size * 3 / 4) << "no hole was left";
        }
      }
    }
  }
}

TEST(WholeFileWriter, SaysWhatFailed) {
  const Fd fd = openFile("/dev/full", O_WRONLY);
  const Bytes data(100000, 1);
  EXPECT_EQ(WholeFileWriter().write(fd.get(), data), ENOSPC);
}

}  // namespace
}  // namespace enamel::files
