#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace enamel::files {

// Writes data at offset of a new file, leaving holes for long runs of zeros. The file's size is not set:
// ftruncate does that where the end may be a hole. Returns 0 or the error number.
int writeSparse(int fd, ByteView data, std::uint64_t offset);

// Whether writeSparse would leave a hole.
bool hasHole(ByteView data);

}  // namespace enamel::files
