#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace enamel::chunker {

// Cuts the rows of a table into chunks whose borders lie between rows and follow from their content: a row
// inserted, changed or deleted moves only the borders near it. Rows are LOAD DATA text with its default
// escapes: a row ends with a newline, and a backslash takes the byte after it literally.
//
// A border follows a row if the keyed hash of that row says so, more readily for longer rows, so that the
// mean chunk does not depend on the rows' lengths. Immutable after construction, so thread-safe.
class RowCutter {
 public:
  struct Options {
    std::size_t size_min = std::size_t{32} * 1024;
    std::size_t size_target = std::size_t{128} * 1024;
    // No chunk is longer, unless a single row is: that row is then a chunk of its own.
    std::size_t size_max = std::size_t{1024} * 1024;
  };

  // REQUIRES: 0 < size_min <= size_target <= size_max. seed: fixed for a repository.
  RowCutter(const Options& options, std::uint64_t seed);

  // For callers that make rows one by one. Row by row, ask both and begin a new chunk where either says so:
  // before the row, because it would make the chunk too long (chunk_bytes: of the chunk without the row),
  bool cutBefore(std::size_t row_bytes, std::size_t chunk_bytes) const {
    return chunk_bytes != 0 && chunk_bytes + row_bytes > options_.size_max;
  }
  // and after it, because of its content (chunk_bytes: of the chunk with the row).
  bool cutAfter(ByteView row, std::size_t chunk_bytes) const;

  // For callers that have text: length of the first chunk of it; 0 if that cannot be known without more
  // bytes (never if at_end is set) or if text is empty. text begins at a row's begin; at_end: it runs to the
  // end of the table (a last row without newline is taken as a row). Gives the same borders as the two
  // functions above, however the text was buffered.
  std::size_t cut(ByteView text, bool at_end) const;

  // Length of the first row of text with its newline; 0 if the row does not end in text.
  static std::size_t rowLength(ByteView text);

  const Options& options() const { return options_; }

 private:
  Options options_;
  std::uint64_t seed_;
};

}  // namespace enamel::chunker
