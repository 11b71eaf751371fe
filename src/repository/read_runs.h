#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enamel::repository {

// Where a blob lies: bytes [begin, end) of a pack.
struct BlobSpan {
  std::uint32_t pack = 0;  // number
  std::uint64_t begin = 0, end = 0;
};

// Blobs [first, last) of one pack, read with one request: they lie in its bytes [begin, end).
struct ReadRun {
  std::size_t first = 0, last = 0;
  std::uint64_t begin = 0, end = 0;
};

// Joins blobs, sorted as they lie in their packs, into runs of a few MiB; small gaps are read along rather
// than asked for apart. at(i) gives the BlobSpan of blob i.
template <typename At>
std::vector<ReadRun> joinReadRuns(std::size_t count, const At& at) {
  constexpr std::uint64_t kRunBytesMax = 4U << 20;
  constexpr std::uint64_t kGapBytesMax = 256U << 10;
  std::vector<ReadRun> runs;
  for (std::size_t i = 0; i < count; ++i) {
    const BlobSpan span = at(i);
    const bool joins = !runs.empty() && at(i - 1).pack == span.pack &&
                       span.begin <= runs.back().end + kGapBytesMax &&
                       span.end <= runs.back().begin + kRunBytesMax;
    if (!joins) {
      runs.push_back({.first = i, .last = i + 1, .begin = span.begin, .end = span.end});
      continue;
    }
    runs.back().last = i + 1;
    runs.back().end = std::max(runs.back().end, span.end);
  }
  return runs;
}

}  // namespace enamel::repository
