#include "sample/jpeg_picture.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>

#include "base/error.h"
#include "sample/random.h"

namespace enamel::sample {
namespace {

constexpr std::uint32_t kLinesPerRow = 8;
constexpr std::uint8_t kMarker = 0xff, kStartOfFrame = 0xc0, kStartOfScan = 0xda, kRestart = 0xd0,
                       kEndOfImage = 0xd9, kComment = 0xfe;

// The input is ours, so an error of the encoder is a mistake of ours.
void abortOnError(j_common_ptr) {
  ENAMEL_CHECK(!"libjpeg encodes the sample pictures");
}

std::vector<JSAMPLE> shadeLine(std::uint32_t width, std::uint32_t y, std::uint64_t seed) {
  Random random(seed, 1, y);
  std::vector<JSAMPLE> line(width);
  for (std::uint32_t x = 0; x < width; ++x) {
    const std::uint32_t shade = 40 + (x * 90 / width) + ((x / 97 + y / 61) % 5) * 14;
    line[x] = static_cast<JSAMPLE>(shade + random.below(26));
  }
  return line;
}

Bytes encode(std::uint32_t width, std::uint32_t height, std::uint64_t seed) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  errors.error_exit = abortOnError;
  jpeg_create_compress(&encoder);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &memory, &size);
  encoder.image_width = width;
  encoder.image_height = height;
  encoder.input_components = 1;
  encoder.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, 80, TRUE);
  encoder.restart_in_rows = 1;
  jpeg_start_compress(&encoder, TRUE);
  for (std::uint32_t y = 0; y < height; ++y) {
    std::vector<JSAMPLE> line = shadeLine(width, y, seed);
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  Bytes file(memory, memory + size);
  jpeg_destroy_compress(&encoder);
  std::free(memory);
  return file;
}

}  // namespace

JpegPicture encodePicture(std::uint32_t width, std::uint32_t block_rows, std::uint64_t seed) {
  const Bytes file = encode(width, block_rows * kLinesPerRow, seed);
  JpegPicture picture;
  std::size_t at = 2;
  for (;;) {  // the segments before the data: FF, kind, size with itself, content
    ENAMEL_CHECK(at + 4 <= file.size() && file[at] == kMarker);
    const std::uint8_t kind = file[at + 1];
    if (kind == kStartOfFrame) picture.height_offset = at + 5;
    at += 2U + (static_cast<std::size_t>(file[at + 2]) << 8 | file[at + 3]);
    if (kind == kStartOfScan) break;
  }
  picture.header.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(at));
  std::size_t begin = at;
  for (; at + 1 < file.size(); ++at) {
    if (file[at] != kMarker || file[at + 1] == 0) continue;
    picture.rows.emplace_back(file.begin() + static_cast<std::ptrdiff_t>(begin),
                              file.begin() + static_cast<std::ptrdiff_t>(at));
    if (file[at + 1] == kEndOfImage) break;
    begin = at + 2;
  }
  ENAMEL_CHECK(picture.rows.size() == block_rows && picture.height_offset != 0);
  return picture;
}

Bytes assembleJpeg(const JpegPicture& picture, const std::vector<std::uint32_t>& rows,
                   std::string_view comment) {
  const std::size_t lines = rows.size() * kLinesPerRow;
  ENAMEL_CHECK(!rows.empty() && lines <= 65500 && comment.size() < 1000);
  constexpr std::size_t kStartBytes = 2;  // the marker every JPEG begins with; the comment comes behind it
  const std::size_t comment_bytes = comment.size() + 2;
  std::size_t size = picture.header.size() + 2 + comment_bytes;
  for (const std::uint32_t row : rows) size += picture.rows[row].size() + 2;

  Bytes out(size);
  std::uint8_t* at = out.data();
  const auto putByte = [&](std::size_t value) { *at++ = static_cast<std::uint8_t>(value); };
  const auto put = [&](ByteView bytes) {
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
    at += bytes.size();
  };
  put(ByteView(picture.header).first(kStartBytes));
  putByte(kMarker);
  putByte(kComment);
  putByte(comment_bytes >> 8);
  putByte(comment_bytes);
  put(asBytes(comment));
  std::uint8_t* const height = at + picture.height_offset - kStartBytes;
  put(ByteView(picture.header).subspan(kStartBytes));
  height[0] = static_cast<std::uint8_t>(lines >> 8);
  height[1] = static_cast<std::uint8_t>(lines);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    put(picture.rows[rows[i]]);
    putByte(kMarker);
    putByte(i + 1 == rows.size() ? kEndOfImage : kRestart + i % 8);
  }
  ENAMEL_CHECK(at == out.data() + out.size());
  return out;
}

}  // namespace enamel::sample
