#include "base/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/file.h"

namespace enamel {
namespace {

bool isOpen(int fd) {
  return fcntl(fd, F_GETFD) != -1;
}

TEST(Fd, ClosesWhatItOwns) {
  int number = -1;
  {
    const Fd fd = openFile("/dev/null", O_RDONLY);
    number = fd.get();
    EXPECT_TRUE(isOpen(number));
  }
  EXPECT_FALSE(isOpen(number));
}

TEST(Fd, IsNotInheritedByPrograms) {
  const Fd fd = openFile("/dev/null", O_RDONLY);
  EXPECT_NE(fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Fd, MovingHandsItOverAndClosesWhatWasThere) {
  Fd first = openFile("/dev/null", O_RDONLY);
  Fd second = openFile("/dev/null", O_RDONLY);
  const int kept = first.get(), dropped = second.get();
  second = std::move(first);
  EXPECT_EQ(second.get(), kept);
  EXPECT_FALSE(isOpen(dropped));
  Fd third(std::move(second));
  EXPECT_FALSE(static_cast<bool>(second));  // NOLINT(bugprone-use-after-move): that it is empty is the point
  const Fd released(third.release());
  EXPECT_FALSE(static_cast<bool>(third));
  EXPECT_TRUE(isOpen(kept));
}

TEST(OpenFile, NamesWhatIsNotThere) {
  const TempDirectory folder;
  const std::string path = (folder.path() / "missing").string();
  try {
    openFile(path, O_RDONLY);
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
}

TEST(ReadFull, StopsAtTheEndOfTheFile) {
  const TempDirectory folder;
  const Fd fd = openFile((folder.path() / "f").string(), O_RDWR | O_CREAT);
  writeFull(fd.get(), asBytes("0123456789"), "f");
  writeFullAt(fd.get(), asBytes("ab"), 3, "f");
  Bytes buffer(100);
  EXPECT_EQ(readFullAt(fd.get(), buffer, 0, "f"), 10U);
  EXPECT_EQ(asText(ByteView(buffer).first(10)), "012ab56789");
  EXPECT_EQ(readFullAt(fd.get(), buffer, 8, "f"), 2U);
  EXPECT_EQ(readFullAt(fd.get(), buffer, 50, "f"), 0U);
}

// A pipe gives what it has; the caller wants all.
TEST(ReadFull, GoesOnAfterShortReads) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const Fd reader(ends[0]);
  std::thread writer([fd = Fd(ends[1])] {
    const Bytes piece(70'000, 'x');
    for (int i = 0; i < 5; ++i) writeFull(fd.get(), piece, "pipe");
  });
  Bytes buffer(1 << 20);
  EXPECT_EQ(readFull(reader.get(), buffer, "pipe"), 350'000U);
  writer.join();
}

TEST(WriteFull, ReportsAFullDisk) {
  const Fd full = openFile("/dev/full", O_WRONLY);
  try {
    writeFull(full.get(), asBytes("x"), "the disk");
    FAIL() << "written";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoSpace);
    EXPECT_STREQ(error.what(), "write the disk: No space left on device");
  }
}

}  // namespace
}  // namespace enamel
