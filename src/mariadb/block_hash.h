#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace enamel::mariadb {

// A fast hash (XXH3, 64 bits) that tells whether a block of a table file changed between two looks within one
// capture. Keyed with random bytes of this object, so that nobody who writes to the database can make two
// blocks that hash alike. Never stored. Thread-safe.
class BlockHasher {
 public:
  BlockHasher();
  std::uint64_t operator()(ByteView block) const;

 private:
  std::array<std::uint8_t, 192> secret_;
};

}  // namespace enamel::mariadb
