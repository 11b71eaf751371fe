#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>

#include "base/bytes.h"

namespace enamel {

// Owns a file descriptor; closes it on destruction (errors of close are ignored: whoever needs durability
// calls fsync first). Movable, not copyable.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

// open(2) with O_CLOEXEC. Throws systemError naming the path.
Fd openFile(const std::string& path, int flags, mode_t mode = 0600);

// Reads until buffer is full or the end of the file; returns the bytes read. Throws systemError naming
// `name`.
std::size_t readFull(int fd, MutableByteView buffer, const std::string& name);
std::size_t readFullAt(int fd, MutableByteView buffer, std::uint64_t offset, const std::string& name);

// Writes all of data. Throws systemError naming `name`.
void writeFull(int fd, ByteView data, const std::string& name);
void writeFullAt(int fd, ByteView data, std::uint64_t offset, const std::string& name);

}  // namespace enamel
