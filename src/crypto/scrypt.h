#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "crypto/secret.h"

namespace enamel::crypto {

// scrypt (RFC 7914). Throws Error(kCorrupt) for parameters that are none (n no power of two, zero, ...), and
// Error(kLimit) where they ask for more than 1 GiB or for minutes: they come from a file anybody may have
// written.
Secret scrypt(ByteView password, ByteView salt, std::uint64_t n, std::uint32_t r, std::uint32_t p,
              std::size_t size);

}  // namespace enamel::crypto
