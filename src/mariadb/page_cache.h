#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace enamel::mariadb {

// The kernel keeps a file's cached pages in pieces as large as they came: a file read in order lies in large
// ones, a file that grew row by row in single pages, which take several times as long to read. Under the lock
// that is time everybody waits.

// What reads from the cache cost, in CPU time of the reading thread.
struct CacheCost {
  std::uint64_t bytes = 0;
  std::int64_t cpu_ns = 0;

  // So slow that renewing is worth it: below 9 GB/s. False while little was read.
  bool scattered() const {
    return bytes >= 8U << 20 && static_cast<double>(bytes) < 9.0 * static_cast<double>(cpu_ns);
  }
};

// Fills the buffer if all of it is in the cache, and adds to cost; false, with nothing read, otherwise.
bool readCached(int fd, MutableByteView buffer, std::uint64_t offset, CacheCost& cost);

// Reading dropped ranges back slower than this (bytes a second) takes too long to go on with it: whoever
// needs a row in one waits for it.
inline constexpr double kRenewBytesPerSecondMin = 200e6;

// Drops a range of a file from the cache, after its changes are written to disk, so that the next read in
// order brings it back in large pieces. Best effort.
void dropFromCache(int fd, std::uint64_t offset, std::uint64_t bytes);

}  // namespace enamel::mariadb
