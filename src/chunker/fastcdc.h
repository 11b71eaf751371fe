#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace enamel::chunker {

// Cuts bytes into chunks whose borders follow from the content, so that an insertion moves only the borders
// near it and unchanged parts keep their chunks (and so their names).
//
// Method: FastCDC with normalised sizes (Xia et al., USENIX ATC 2016 and TPDS 2020). A rolling gear hash of
// the last 64 bytes decides; below the target a border is made unlikely, above it likely. Each decision
// depends on those 64 bytes and the distance from the chunk's start alone, never on how the input was
// buffered. The gear table is derived from a 64-bit seed that is secret and fixed for a repository, so chunk
// lengths do not tell who knows a file whether a repository holds it.
//
// Immutable after construction, so thread-safe.
class FastCdc {
 public:
  struct Options {
    std::size_t size_min = 512 * 1024;
    std::size_t size_target = 1024 * 1024;
    std::size_t size_max = 4096 * 1024;
  };

  // REQUIRES: 64 <= size_min <= size_target <= size_max, size_target >= 256.
  FastCdc(const Options& options, std::uint64_t seed);

  // Length of the first chunk of data; 0 if that cannot be known without more bytes (never if at_end is set
  // or data holds size_max bytes) or if data is empty. at_end: data runs to the end of the input. Scans from
  // the start at every call: give it size_max bytes at a time where speed matters.
  std::size_t cut(ByteView data, bool at_end) const;

  const Options& options() const { return options_; }

 private:
  Options options_;
  std::uint64_t mask_below_target_, mask_above_target_;
  // gear_[b], and the same shifted left by one for the first of two bytes taken in one step.
  std::array<std::uint64_t, 256> gear_, gear_shifted_;
};

}  // namespace enamel::chunker
