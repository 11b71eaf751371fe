#include "base/direct_io.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"

namespace enamel {
namespace {

// Offsets, lengths and memory of O_DIRECT transfers are multiples of the device's block; 4 KiB fits all of
// today's.
constexpr std::size_t kAlignment = 4096;
constexpr std::size_t kBounceBytes = 4U << 20;

// Page-aligned memory of the calling thread, made at first use and kept: mapping it anew costs more than the
// copy.
class BounceBuffer {
 public:
  BounceBuffer()
      : data_(::mmap(nullptr, kBounceBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (data_ == MAP_FAILED) throw systemError("allocate an I/O buffer", errno);
  }
  ~BounceBuffer() { ::munmap(data_, kBounceBytes); }
  BounceBuffer(const BounceBuffer&) = delete;
  BounceBuffer& operator=(const BounceBuffer&) = delete;

  MutableByteView bytes() { return {static_cast<std::uint8_t*>(data_), kBounceBytes}; }

  static BounceBuffer& ofThread() {
    thread_local BounceBuffer buffer;
    return buffer;
  }

 private:
  void* data_;
};

std::size_t alignUp(std::size_t n) {
  return (n + kAlignment - 1) / kAlignment * kAlignment;
}

void clearDirectFlag(int fd, const std::string& name) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags & ~O_DIRECT) != 0) throw systemError("fcntl " + name, errno);
}

// A descriptor with O_DIRECT if the file system has it, else without.
Fd openPreferringDirect(const std::string& path, int flags, mode_t mode) {
  try {
    return openFile(path, flags | O_DIRECT, mode);
  } catch (const Error& e) {
    if (e.systemErrorNumber() != EINVAL) throw;
    // Some file systems make the file before they refuse.
    if ((flags & O_EXCL) != 0) ::unlink(path.c_str());
    return openFile(path, flags, mode);
  }
}

// Fills buffer, or less at the end of the file. A short read that is no multiple of the alignment is that
// end: asking on from there would be refused.
std::size_t readAligned(int fd, MutableByteView buffer, std::uint64_t offset, const std::string& name) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t n =
        ::pread(fd, buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EINVAL && done == 0) {
      clearDirectFlag(fd, name);
      return readFullAt(fd, buffer, offset, name);
    }
    if (n < 0) throw systemError("read " + name, errno);
    done += static_cast<std::size_t>(n);
    if (n == 0 || static_cast<std::size_t>(n) % kAlignment != 0) break;
  }
  return done;
}

int writeOrdinarily(int fd, ByteView data, std::uint64_t offset) {
  try {
    writeFullAt(fd, data, offset, "file");
    return 0;
  } catch (const Error& e) {
    return e.systemErrorNumber();
  }
}

}  // namespace

Fd createFileDirect(const std::filesystem::path& path, std::span<const ByteView> parts, mode_t mode) {
  Fd fd = openPreferringDirect(path, O_WRONLY | O_CREAT | O_EXCL, mode);
  const MutableByteView bounce = BounceBuffer::ofThread().bytes();
  std::size_t filled = 0;
  std::uint64_t offset = 0;
  const auto writeOut = [&] {
    try {
      writeFullAt(fd.get(), bounce.first(filled), offset, path);
    } catch (const Error& e) {
      if (e.systemErrorNumber() != EINVAL) throw;
      clearDirectFlag(fd.get(), path);
      writeFullAt(fd.get(), bounce.first(filled), offset, path);
    }
    offset += filled;
    filled = 0;
  };
  for (ByteView part : parts) {
    while (!part.empty()) {
      const std::size_t n = std::min(part.size(), bounce.size() - filled);
      std::copy_n(part.begin(), n, bounce.begin() + static_cast<std::ptrdiff_t>(filled));
      filled += n;
      part = part.subspan(n);
      if (filled == bounce.size()) writeOut();
    }
  }
  const std::size_t rest = filled % kAlignment;
  filled -= rest;
  const std::size_t rest_at = filled;
  if (filled > 0) writeOut();
  if (rest > 0) {
    // The last, incomplete block goes through the page cache: written whole and cut off, the file system
    // would have to read it back.
    clearDirectFlag(fd.get(), path);
    writeFullAt(fd.get(), bounce.subspan(rest_at, rest), offset, path);
  }
  return fd;
}

int writeWholeDirect(int fd, ByteView data) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_DIRECT) != 0) return ENOTSUP;
  const MutableByteView bounce = BounceBuffer::ofThread().bytes();
  std::uint64_t offset = 0;
  while (data.size() >= kAlignment) {
    const std::size_t n = std::min(data.size(), bounce.size()) / kAlignment * kAlignment;
    std::copy_n(data.begin(), n, bounce.begin());
    try {
      writeFullAt(fd, bounce.first(n), offset, "file");
    } catch (const Error& e) {
      if (e.systemErrorNumber() != EINVAL) return e.systemErrorNumber();
      ::fcntl(fd, F_SETFL, flags);
      if (offset == 0) return ::ftruncate(fd, 0) == 0 ? ENOTSUP : errno;
      break;  // a write cut short, by a full disk for one: an ordinary one goes on, or says what is wrong
    }
    offset += n;
    data = data.subspan(n);
  }
  if (data.empty()) return 0;
  // For the rest, as in createFileDirect().
  if (::fcntl(fd, F_SETFL, flags) != 0) return errno;
  return writeOrdinarily(fd, data, offset);
}

std::size_t readFileDirect(const std::filesystem::path& path, std::uint64_t offset, MutableByteView buffer) {
  const Fd fd = openPreferringDirect(path, O_RDONLY, 0);
  const MutableByteView bounce = BounceBuffer::ofThread().bytes();
  std::size_t done = 0;
  while (done < buffer.size()) {
    const std::uint64_t at = offset + done;
    const std::size_t skip = at % kAlignment;
    const std::size_t wanted = std::min(bounce.size(), alignUp(skip + buffer.size() - done));
    const std::size_t got = readAligned(fd.get(), bounce.first(wanted), at - skip, path);
    if (got <= skip) break;
    const std::size_t n = std::min(got - skip, buffer.size() - done);
    std::copy_n(bounce.begin() + static_cast<std::ptrdiff_t>(skip), n,
                buffer.begin() + static_cast<std::ptrdiff_t>(done));
    done += n;
    if (got < wanted) break;
  }
  return done;
}

}  // namespace enamel
