#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace enamel::repository {

// The repository's config file (plaintext form). Format: restic's design document, "Repository Format".
struct Config {
  std::uint32_t version = 2;  // 1: read only; 2
  std::string id;             // 64 hexadecimal digits, random
  std::uint64_t chunker_polynomial =
      0;  // irreducible, degree 53: restic's chunker wants it; ours does not use it
};

Bytes encodeConfig(const Config& config);
// Throws kCorrupt, or kUnsupported for a version above 2.
Config decodeConfig(ByteView json);
// A new config with random id and polynomial.
Config makeConfig();

}  // namespace enamel::repository
