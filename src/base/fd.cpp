#include "base/fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"

namespace enamel {
namespace {

// One read or write of at most this much: the kernel's own limit is just below 2 GiB.
constexpr std::size_t kIoBytesMax = 1U << 30;

// Calls transfer(position, rest) until count bytes went through or it returns 0.
template <class Transfer>
std::size_t transferAll(std::size_t count, const std::string& name, const char* verb, Transfer transfer) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t n = transfer(done, std::min(count - done, kIoBytesMax));
    if (n < 0) {
      if (errno == EINTR) continue;
      throw systemError(std::string(verb) + " " + name, errno);
    }
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

// Less than all was taken, and no error given: a device at its end.
void requireAll(std::size_t done, ByteView data, const std::string& name) {
  if (done < data.size()) throw systemError("write " + name, EIO);
}

}  // namespace

void Fd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Fd openFile(const std::string& path, int flags, mode_t mode) {
  for (;;) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (fd >= 0) return Fd(fd);
    if (errno != EINTR) throw systemError("open " + path, errno);
  }
}

std::size_t readFull(int fd, MutableByteView buffer, const std::string& name) {
  return transferAll(buffer.size(), name, "read",
                     [&](std::size_t at, std::size_t rest) { return ::read(fd, buffer.data() + at, rest); });
}

std::size_t readFullAt(int fd, MutableByteView buffer, std::uint64_t offset, const std::string& name) {
  return transferAll(buffer.size(), name, "read", [&](std::size_t at, std::size_t rest) {
    return ::pread(fd, buffer.data() + at, rest, static_cast<off_t>(offset + at));
  });
}

void writeFull(int fd, ByteView data, const std::string& name) {
  const std::size_t done = transferAll(data.size(), name, "write", [&](std::size_t at, std::size_t rest) {
    return ::write(fd, data.data() + at, rest);
  });
  requireAll(done, data, name);
}

void writeFullAt(int fd, ByteView data, std::uint64_t offset, const std::string& name) {
  const std::size_t done = transferAll(data.size(), name, "write", [&](std::size_t at, std::size_t rest) {
    return ::pwrite(fd, data.data() + at, rest, static_cast<off_t>(offset + at));
  });
  requireAll(done, data, name);
}

}  // namespace enamel
