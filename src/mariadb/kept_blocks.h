#pragma once

#include <atomic>
#include <cstdint>

#include "base/bytes.h"
#include "base/fd.h"

namespace enamel::mariadb {

// Holds copies of blocks read under the lock until they can be stored: in memory up to a limit, beyond it in
// a file without a name. Everything that takes time (memory pages, opening the file) is done on construction,
// before the lock. add() is thread-safe; read() may run on several threads once adding is over.
class KeptBlocks {
 public:
  explicit KeptBlocks(std::uint64_t memory_bytes_max);
  ~KeptBlocks();
  KeptBlocks(const KeptBlocks&) = delete;
  KeptBlocks& operator=(const KeptBlocks&) = delete;

  struct Slot {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
  };
  Slot add(ByteView block);
  // The block; buffer is used where it has to be read back, and must live as long as the result.
  ByteView read(const Slot& slot, Bytes& buffer) const;
  std::uint64_t bytes() const { return next_.load(); }

 private:
  const std::uint64_t memory_bytes_max_;
  std::uint8_t* memory_ = nullptr;
  Fd spill_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace enamel::mariadb
