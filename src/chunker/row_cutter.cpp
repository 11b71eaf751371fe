#include "chunker/row_cutter.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/error.h"

namespace enamel::chunker {
namespace {

constexpr std::uint64_t kAlways = std::numeric_limits<std::uint64_t>::max();

// How many times rarer (more frequent) borders are below (above) the target than once in size_target.
constexpr std::uint64_t kNormalisation = 4;

// True if an even number of backslashes stands before `at`: the byte there is not escaped.
bool unescaped(ByteView text, std::size_t at) {
  std::size_t first = at;
  while (first > 0 && text[first - 1] == '\\') --first;
  return (at - first) % 2 == 0;
}

}  // namespace

RowCutter::RowCutter(const Options& options, std::uint64_t seed) : options_(options), seed_(seed) {
  ENAMEL_CHECK(0 < options.size_min && options.size_min <= options.size_target &&
               options.size_target <= options.size_max);
}

bool RowCutter::cutAfter(ByteView row, std::size_t chunk_bytes) const {
  if (chunk_bytes < options_.size_min) return false;
  if (chunk_bytes >= options_.size_max) return true;
  // A border after this row with probability row bytes / size_target, times or by kNormalisation.
  const std::uint64_t per_byte = kAlways / options_.size_target;
  const std::uint64_t weight =
      chunk_bytes < options_.size_target ? per_byte / kNormalisation : per_byte * kNormalisation;
  if (row.size() > kAlways / weight) return true;
  return XXH3_64bits_withSeed(row.data(), row.size(), seed_) < row.size() * weight;
}

std::size_t RowCutter::rowLength(ByteView text) {
  std::size_t from = 0;
  while (from < text.size()) {
    const void* newline = std::memchr(text.data() + from, '\n', text.size() - from);
    if (newline == nullptr) return 0;
    const auto at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(newline) - text.data());
    if (unescaped(text, at)) return at + 1;
    from = at + 1;
  }
  return 0;
}

std::size_t RowCutter::cut(ByteView text, bool at_end) const {
  std::size_t chunk = 0;
  while (chunk < text.size()) {
    const ByteView rest = text.subspan(chunk);
    std::size_t row = rowLength(rest);
    if (row == 0) {
      // The row goes on past the text: too long for this chunk whatever follows, or not known yet.
      if (!at_end) return cutBefore(rest.size(), chunk) ? chunk : 0;
      row = rest.size();
    }
    if (cutBefore(row, chunk)) return chunk;
    chunk += row;
    if (cutAfter(rest.first(row), chunk)) return chunk;
  }
  return at_end ? chunk : 0;
}

}  // namespace enamel::chunker
