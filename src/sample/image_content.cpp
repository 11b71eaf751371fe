#include "sample/image_content.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <numeric>
#include <string>

#include "base/error.h"
#include "base/fd.h"
#include "base/worker_pool.h"
#include "sample/jpeg_picture.h"
#include "sample/random.h"
#include "sample/vocabulary.h"

namespace enamel::sample {
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSmallBytesMax = 400000;  // from here on the wider picture is used
constexpr std::uint32_t kPngWidth = 1024;
constexpr std::size_t kStoredBlockMax = 65535;

void appendText(Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void appendBe32(Bytes& out, std::uint64_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void appendPngChunk(Bytes& out, std::string_view kind, ByteView content) {
  appendBe32(out, content.size());
  const std::size_t begin = out.size();
  appendText(out, kind);
  out.insert(out.end(), content.begin(), content.end());
  appendBe32(out, crc32_z(0, out.data() + begin, out.size() - begin));
}

// A grey picture of nothing but grain, not compressed (PNG allows that): as good as incompressible.
Bytes makePng(std::uint64_t size, std::uint64_t seed) {
  const std::uint64_t height = std::max<std::uint64_t>(1, size / (kPngWidth + 1));
  Bytes lines(height * (kPngWidth + 1));
  Random random(seed);
  for (std::uint64_t y = 0; y < height; ++y) {
    std::uint8_t* line = lines.data() + y * (kPngWidth + 1);
    *line++ = 0;  // no filter
    for (std::uint32_t x = 0; x < kPngWidth; x += 8) {
      const std::uint64_t grain = random.next();
      storeLe32(line + x, static_cast<std::uint32_t>(grain));
      storeLe32(line + x + 4, static_cast<std::uint32_t>(grain >> 32));
    }
  }
  Bytes data = {0x78, 0x01};
  data.reserve(lines.size() + lines.size() / kStoredBlockMax * 5 + 16);
  for (std::size_t at = 0; at < lines.size(); at += kStoredBlockMax) {
    const std::size_t count = std::min(kStoredBlockMax, lines.size() - at);
    data.push_back(at + count == lines.size());
    for (const std::size_t value : {count, ~count}) {
      data.push_back(static_cast<std::uint8_t>(value));
      data.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    data.insert(data.end(), lines.begin() + static_cast<std::ptrdiff_t>(at),
                lines.begin() + static_cast<std::ptrdiff_t>(at + count));
  }
  appendBe32(data, adler32_z(1, lines.data(), lines.size()));

  Bytes head;
  appendBe32(head, kPngWidth);
  appendBe32(head, height);
  head.insert(head.end(), {8, 0, 0, 0, 0});  // 8 bits of grey
  Bytes out = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  out.reserve(data.size() + 64);
  appendPngChunk(out, "IHDR", head);
  appendPngChunk(out, "IDAT", data);
  appendPngChunk(out, "IEND", {});
  return out;
}

std::string pdfPageText(Random& random) {
  std::string text = "BT /F1 10 Tf 50 800 Td 12 TL\n";
  for (int line = 0; line < 60; ++line) {
    const std::string_view phrase = random.pick(kNotePhrases);
    text += fmt::format("({} {:06d}) Tj T*\n", phrase, random.below(1000000));
  }
  return text + "ET\n";
}

// A letter of as many pages as it takes, its text not compressed.
Bytes makePdf(std::uint64_t size, std::uint64_t seed) {
  Random random(seed);
  Bytes out;
  std::vector<std::size_t> offsets;
  const auto object = [&](const std::string& content) {
    offsets.push_back(out.size());
    appendText(out, fmt::format("{} 0 obj\n{}\nendobj\n", offsets.size(), content));
  };
  appendText(out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
  object("<< /Type /Catalog /Pages 3 0 R >>");
  // The list of pages is object 3 but needs their number, so it is written last.
  object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  offsets.push_back(0);
  std::string kids;
  int pages = 0;
  for (; pages == 0 || out.size() + 4000 < size; ++pages) {
    kids += fmt::format("{} 0 R ", offsets.size() + 1);
    object(
        fmt::format("<< /Type /Page /Parent 3 0 R /MediaBox [0 0 595 842] /Contents {} 0 R "
                    "/Resources << /Font << /F1 2 0 R >> >> >>",
                    offsets.size() + 2));
    const std::string text = pdfPageText(random);
    object(fmt::format("<< /Length {} >>\nstream\n{}endstream", text.size(), text));
  }
  offsets[2] = out.size();
  appendText(out, fmt::format("3 0 obj\n<< /Type /Pages /Count {} /Kids [{}] >>\nendobj\n", pages, kids));
  const std::size_t table = out.size();
  appendText(out, fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets.size() + 1));
  for (const std::size_t offset : offsets) appendText(out, fmt::format("{:010d} 00000 n \n", offset));
  appendText(out, fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n",
                              offsets.size() + 1, table));
  return out;
}

}  // namespace

struct ImageContent::Picture : JpegPicture {};

ImageContent::ImageContent()
    : small_(new Picture{encodePicture(640, 1200, 1)}), large_(new Picture{encodePicture(2560, 1600, 2)}) {}

ImageContent::~ImageContent() = default;

// Rows in an order of their own for each seed, none twice: nothing for compression or deduplication to find.
Bytes ImageContent::makeJpeg(std::uint64_t size, std::uint64_t seed) const {
  const JpegPicture& picture = size < kSmallBytesMax ? *small_ : *large_;
  Random random(seed);
  std::vector<std::uint32_t> order(picture.rows.size());
  std::iota(order.begin(), order.end(), 0U);
  std::size_t used = 0;
  for (std::size_t bytes = picture.header.size(); bytes < size && used < order.size(); ++used) {
    std::swap(order[used], order[used + random.below(order.size() - used)]);
    bytes += picture.rows[order[used]].size() + 2;
  }
  order.resize(std::max<std::size_t>(used, 1));
  return assembleJpeg(picture, order, fmt::format("Sample Dental {:016x}", seed));
}

Bytes ImageContent::make(const ImageFile& file) const {
  switch (file.kind) {
    case ImageFile::Kind::kJpeg:
      return makeJpeg(file.bytes, file.content);
    case ImageFile::Kind::kPng:
      return makePng(file.bytes, file.content);
    case ImageFile::Kind::kPdf:
      break;
  }
  return makePdf(file.bytes, file.content);
}

void writeImages(const World& world, const std::string& folder, Progress& progress,
                 const CancelToken& cancel) {
  for (const char* name :
       {"Amendments", "DBMLogs", "EOBs", "EmailAttachments", "EmailImages", "ProviderImages"}) {
    fs::create_directories(fs::path(folder) / name);
  }
  const ImageContent content;
  const std::vector<ImageFile>& files = world.images();
  parallelFor(files.size(), cpuCount(), Priority::kNormal, [&](std::size_t i) {
    cancel.check();
    const fs::path path = fs::path(folder) / files[i].path;
    fs::create_directories(path.parent_path());
    const Bytes bytes = content.make(files[i]);
    const Fd fd = openFile(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    writeFull(fd.get(), bytes, path);
    const std::int64_t second = world.dayOf(i + 1, files.size()) * 86400 + 40000;
    const timespec times[2] = {{second, 0}, {second, 0}};
    if (futimens(fd.get(), times) != 0) throw systemError("set the time of " + path.string(), errno);
    progress.bytes_done += bytes.size();
    ++progress.files_done;
  });
}

}  // namespace enamel::sample
