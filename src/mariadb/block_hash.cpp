#include "mariadb/block_hash.h"

// Picks SSE2, AVX2 or AVX-512 when it runs; elsewhere the library has one version.
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#include "base/file.h"

namespace enamel::mariadb {

BlockHasher::BlockHasher() {
  randomBytes(secret_);
}

std::uint64_t BlockHasher::operator()(ByteView block) const {
  return XXH3_64bits_withSecret(block.data(), block.size(), secret_.data(), secret_.size());
}

}  // namespace enamel::mariadb
