#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "base/bytes.h"

namespace enamel::chunker {

// Lengths of all chunks that a cutter (FastCdc, RowCutter) makes of data that it is given whole.
template <typename Cutter>
std::vector<std::size_t> cutWhole(const Cutter& cutter, ByteView data) {
  std::vector<std::size_t> lengths;
  while (!data.empty()) {
    lengths.push_back(cutter.cut(data, true));
    data = data.subspan(lengths.back());
  }
  return lengths;
}

// The same of data that comes in pieces of the sizes that next_piece says; the cutter is asked after each.
template <typename Cutter>
std::vector<std::size_t> cutStreamed(const Cutter& cutter, ByteView data,
                                     const std::function<std::size_t()>& next_piece) {
  std::vector<std::size_t> lengths;
  Bytes buffer;
  while (!data.empty() || !buffer.empty()) {
    const ByteView piece = data.first(std::min(next_piece(), data.size()));
    buffer.insert(buffer.end(), piece.begin(), piece.end());
    data = data.subspan(piece.size());
    while (const std::size_t length = cutter.cut(buffer, data.empty())) {
      lengths.push_back(length);
      buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(length));
    }
  }
  return lengths;
}

}  // namespace enamel::chunker
