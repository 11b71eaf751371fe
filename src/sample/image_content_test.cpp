#include "sample/image_content.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <csetjmp>
#include <cstdio>
#include <string>

#include <jpeglib.h>

#include "base/bytes.h"

namespace enamel::sample {
namespace {

struct Failure {
  jpeg_error_mgr errors;
  std::jmp_buf back;
};

// Decodes every line; false on any error or warning ("premature end", "corrupt data").
bool decodesAsJpeg(const Bytes& file) {
  jpeg_decompress_struct decoder{};
  Failure failure{};
  decoder.err = jpeg_std_error(&failure.errors);
  failure.errors.error_exit = [](j_common_ptr info) {
    std::longjmp(reinterpret_cast<Failure*>(info->err)->back, 1);
  };
  failure.errors.output_message = [](j_common_ptr) {};
  jpeg_create_decompress(&decoder);
  if (setjmp(failure.back) != 0) {
    jpeg_destroy_decompress(&decoder);
    return false;
  }
  jpeg_mem_src(&decoder, file.data(), file.size());
  jpeg_read_header(&decoder, TRUE);
  jpeg_start_decompress(&decoder);
  static JSAMPLE line[4096];
  JSAMPROW row = line;
  while (decoder.output_scanline < decoder.output_height) jpeg_read_scanlines(&decoder, &row, 1);
  jpeg_finish_decompress(&decoder);
  const bool clean = failure.errors.num_warnings == 0 && decoder.output_height % 8 == 0;
  jpeg_destroy_decompress(&decoder);
  return clean;
}

std::uint32_t be32(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
         static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

// Checks every chunk's sum and that the data inflates to exactly the lines the header promises.
bool decodesAsPng(const Bytes& file) {
  if (file.size() < 8 || asText(file).substr(1, 3) != "PNG") return false;
  std::uint32_t width = 0, height = 0;
  bool ended = false;
  for (std::size_t at = 8; at < file.size();) {
    if (file.size() - at < 12) return false;
    const std::uint32_t size = be32(&file[at]);
    const std::string kind(asText(file).substr(at + 4, 4));
    if (crc32(0, &file[at + 4], size + 4) != be32(&file[at + 8 + size])) return false;
    if (kind == "IHDR") {
      width = be32(&file[at + 8]);
      height = be32(&file[at + 12]);
    } else if (kind == "IDAT") {
      Bytes lines(static_cast<std::size_t>(width + 1) * height + 1);
      uLongf count = lines.size();
      if (uncompress(lines.data(), &count, &file[at + 8], size) != Z_OK || count + 1 != lines.size())
        return false;
    } else if (kind == "IEND") {
      ended = at + 12 == file.size();
    }
    at += 12 + size;
  }
  return ended;
}

// Every entry of the table of contents points at the object it names.
bool isPdf(const Bytes& file) {
  const std::string_view text = asText(file);
  if (text.substr(0, 8) != "%PDF-1.4") return false;
  const std::size_t start = text.rfind("startxref\n");
  if (start == std::string_view::npos) return false;
  const std::size_t table = std::stoul(std::string(text.substr(start + 10, 12)));
  if (text.substr(table, 7) != "xref\n0 ") return false;
  const std::size_t count = std::stoul(std::string(text.substr(table + 7, 10)));
  const std::size_t entries = text.find('\n', table + 7) + 1;
  for (std::size_t i = 1; i < count; ++i) {
    const std::size_t offset = std::stoul(std::string(text.substr(entries + 20 * i, 10)));
    const std::string wanted = std::to_string(i) + " 0 obj\n";
    if (text.substr(offset, wanted.size()) != wanted) return false;
  }
  return count > 4;
}

ImageFile file(ImageFile::Kind kind, std::uint64_t bytes, std::uint64_t content) {
  ImageFile wanted;
  wanted.kind = kind;
  wanted.bytes = bytes;
  wanted.content = content;
  return wanted;
}

class ImageContentTest : public testing::Test {
 protected:
  static const ImageContent& content() {
    static const ImageContent instance;
    return instance;
  }
};

TEST_F(ImageContentTest, everyFileIsValidAndOfItsSize) {
  for (const std::uint64_t bytes : {24000U, 90000U, 399999U, 400000U, 1500000U, 6000000U}) {
    const Bytes jpeg = content().make(file(ImageFile::Kind::kJpeg, bytes, bytes));
    EXPECT_TRUE(decodesAsJpeg(jpeg)) << bytes;
    const Bytes png = content().make(file(ImageFile::Kind::kPng, bytes, bytes));
    EXPECT_TRUE(decodesAsPng(png)) << bytes;
    const Bytes pdf = content().make(file(ImageFile::Kind::kPdf, bytes, bytes));
    EXPECT_TRUE(isPdf(pdf)) << bytes;
    for (const Bytes* made : {&jpeg, &png, &pdf}) {
      EXPECT_NEAR(static_cast<double>(made->size()), static_cast<double>(bytes),
                  12000 + 0.02 * static_cast<double>(bytes));
    }
  }
}

TEST_F(ImageContentTest, theChecksOfThisTestSeeDamage) {
  Bytes jpeg = content().make(file(ImageFile::Kind::kJpeg, 50000, 1));
  jpeg.resize(jpeg.size() / 2);
  EXPECT_FALSE(decodesAsJpeg(jpeg));
  Bytes png = content().make(file(ImageFile::Kind::kPng, 50000, 1));
  png[20000] ^= 1;
  EXPECT_FALSE(decodesAsPng(png));
  Bytes pdf = content().make(file(ImageFile::Kind::kPdf, 50000, 1));
  pdf.erase(pdf.begin() + 100);
  EXPECT_FALSE(isPdf(pdf));
}

TEST_F(ImageContentTest, oneSeedMakesOneFileAndPicturesDoNotCompress) {
  for (const auto kind : {ImageFile::Kind::kJpeg, ImageFile::Kind::kPng, ImageFile::Kind::kPdf}) {
    const Bytes made = content().make(file(kind, 300000, 5));
    EXPECT_EQ(made, content().make(file(kind, 300000, 5)));
    EXPECT_NE(made, content().make(file(kind, 300000, 6)));
    uLongf size = compressBound(made.size());
    Bytes packed(size);
    ASSERT_EQ(compress2(packed.data(), &size, made.data(), made.size(), 6), Z_OK);
    const double ratio = static_cast<double>(size) / static_cast<double>(made.size());
    if (kind == ImageFile::Kind::kPdf) {
      EXPECT_LT(ratio, 0.5);
    } else {
      EXPECT_GT(ratio, 0.9);
    }
  }
}

}  // namespace
}  // namespace enamel::sample
