#include "mariadb/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <ctime>

namespace enamel::mariadb {

namespace {

std::int64_t threadCpuNs() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

bool readCached(int fd, MutableByteView buffer, std::uint64_t offset, CacheCost& cost) {
  const std::int64_t begin_ns = threadCpuNs();
  const iovec part{.iov_base = buffer.data(), .iov_len = buffer.size()};
  const ssize_t got = ::preadv2(fd, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
  if (got < 0 || static_cast<std::size_t>(got) != buffer.size()) return false;
  cost.cpu_ns += threadCpuNs() - begin_ns;
  cost.bytes += buffer.size();
  return true;
}

void bringIntoCache(int fd, std::uint64_t offset, std::uint64_t bytes) {
  // Never touched here: a file that became shorter is a failed call and no signal.
  void* const mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, static_cast<off64_t>(offset));
  if (mapped == MAP_FAILED) return;
  ::madvise(mapped, bytes, MADV_HUGEPAGE);
  ::madvise(mapped, bytes, MADV_POPULATE_READ);
  ::munmap(mapped, bytes);
}

void renewInCache(int fd, std::uint64_t offset, std::uint64_t bytes) {
  const auto at = static_cast<off64_t>(offset);
  const auto length = static_cast<off64_t>(bytes);
  ::sync_file_range(fd, at, length,
                    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  ::posix_fadvise(fd, at, length, POSIX_FADV_DONTNEED);
  bringIntoCache(fd, offset, bytes);
}

}  // namespace enamel::mariadb
