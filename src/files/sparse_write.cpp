#include "files/sparse_write.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace enamel::files {
namespace {

// File systems keep holes in whole pages.
constexpr std::size_t kPageBytes = 4096;

// Shorter runs are written: a hole splits the file in pieces on disk, which costs more than it saves.
constexpr std::size_t kHoleBytesMin = 64 * 1024;

bool isZeroPage(const std::uint8_t* page) {
  // The first word decides for nearly every page that is not zero.
  std::uint64_t first;
  std::memcpy(&first, page, sizeof first);
  return first == 0 && std::memcmp(page, page + 1, kPageBytes - 1) == 0;
}

int writeAll(int fd, ByteView data, std::uint64_t offset) {
  while (!data.empty()) {
    const ssize_t n = ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset));
    if (n < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (n == 0) return EIO;  // or it would be tried for ever
    data = data.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return 0;
}

}  // namespace

bool hasHole(ByteView data) {
  std::size_t run = 0;
  for (std::size_t at = 0; at + kPageBytes <= data.size(); at += kPageBytes) {
    run = isZeroPage(data.data() + at) ? run + kPageBytes : 0;
    if (run >= kHoleBytesMin) return true;
  }
  return false;
}

int writeSparse(int fd, ByteView data, std::uint64_t offset) {
  std::size_t written = 0;  // data before it is on its way or a hole
  std::size_t at = static_cast<std::size_t>((kPageBytes - offset % kPageBytes) % kPageBytes);
  while (at + kHoleBytesMin <= data.size()) {
    std::size_t end = at;
    while (end + kPageBytes <= data.size() && isZeroPage(data.data() + end)) end += kPageBytes;
    if (end - at >= kHoleBytesMin) {
      if (const int error = writeAll(fd, data.subspan(written, at - written), offset + written)) return error;
      written = end;
    }
    at = end + kPageBytes;
  }
  return writeAll(fd, data.subspan(written), offset + written);
}

}  // namespace enamel::files
