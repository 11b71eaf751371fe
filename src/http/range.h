#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace enamel::http {

// Bytes [offset, offset + size) of something.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

enum class RangeKind {
  kWhole,          // no Range, one that is not understood, or several: the whole is the answer (200)
  kPart,           // 206
  kUnsatisfiable,  // understood, but past the end (416)
};

struct RangeRequest {
  RangeKind kind = RangeKind::kWhole;
  ByteRange range;  // of kPart: not empty and inside [0, size)
};

// Reads a Range header field (RFC 9110 section 14.2) for a representation of that many bytes. Several ranges
// are answered with the whole, as the RFC allows: an answer in parts lets a short request ask for much work.
RangeRequest parseRange(std::string_view field, std::uint64_t size);

}  // namespace enamel::http
