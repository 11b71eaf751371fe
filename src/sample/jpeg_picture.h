#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace enamel::sample {

// A grey baseline JPEG taken apart: what stands before the entropy-coded data, and that data in pieces of one
// row of blocks (8 lines) each, which decode by themselves.
struct JpegPicture {
  Bytes header;                   // up to and including SOS
  std::size_t height_offset = 0;  // of the two bytes in header that hold the number of lines
  std::vector<Bytes> rows;        // without the restart markers between them
};

// A picture like an x-ray: shades with grain, the same for the same seed.
JpegPicture encodePicture(std::uint32_t width, std::uint32_t block_rows, std::uint64_t seed);

// A JPEG file made of `rows` (numbers of picture.rows, at least one) from top to bottom, with a comment.
Bytes assembleJpeg(const JpegPicture& picture, const std::vector<std::uint32_t>& rows,
                   std::string_view comment);

}  // namespace enamel::sample
