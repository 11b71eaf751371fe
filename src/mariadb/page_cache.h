#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace enamel::mariadb {

// The kernel keeps a file's cached pages in pieces as large as they came: of a file that grew row by row in
// single pages, of one that was mapped for huge pages, where the file system has large folios, in pieces of 2
// MiB. Small ones take up to three times as long to read. Under the lock that is time everybody waits.

// What reads from the cache cost, in CPU time of the reading thread.
struct CacheCost {
  std::uint64_t bytes = 0;
  std::int64_t cpu_ns = 0;

  // Enough was read to tell.
  bool known() const { return bytes >= 1U << 20; }
  // So much faster that bringing the rest into the cache anew is worth it. False unless both are known.
  bool muchFasterThan(const CacheCost& other) const {
    constexpr double kWorthIt = 1.12;
    return known() && other.known() &&
           static_cast<double>(bytes) * static_cast<double>(other.cpu_ns) >
               kWorthIt * static_cast<double>(other.bytes) * static_cast<double>(cpu_ns);
  }
};

// Fills the buffer if all of it is in the cache, and adds to cost; false, with nothing read, otherwise.
bool readCached(int fd, MutableByteView buffer, std::uint64_t offset, CacheCost& cost);

// Bringing ranges back slower than this (bytes a second) takes too long to go on with it: whoever needs a row
// in one waits for it.
inline constexpr double kRenewBytesPerSecondMin = 200e6;

// Reads what is not in the cache of a range in large pieces. offset: a multiple of 2 MiB. Best effort.
void bringIntoCache(int fd, std::uint64_t offset, std::uint64_t bytes);

// Drops the range first, after its changes are written to disk. Best effort: what fails leaves it in the
// cache as it was, or out of it.
void renewInCache(int fd, std::uint64_t offset, std::uint64_t bytes);

}  // namespace enamel::mariadb
