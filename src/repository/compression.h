#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace enamel::repository {

// Guesses from samples whether data would shrink: false where their bytes are as good as random (photographs,
// archives).
bool looksCompressible(ByteView data);

// One zstd frame with its content size. Uses a context of the calling thread. Thread-safe.
// out is replaced; returns false, out unspecified, where the result is not smaller than data.
bool compress(ByteView data, int level, Bytes& out);

// Exactly size bytes; false if data is not a frame of that content. Thread-safe.
bool decompress(ByteView data, MutableByteView out);
// The same into out, which is made only if the frame does not declare another size.
bool decompress(ByteView data, std::size_t size, Bytes& out);
// A frame whose content size is in its header or found by decompressing, at most size_max. False if it is
// none.
bool decompressUnknownSize(ByteView data, std::size_t size_max, Bytes& out);

}  // namespace enamel::repository
