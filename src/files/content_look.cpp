#include "files/content_look.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace enamel::files {
namespace {

using std::string_view_literals::operator""sv;

struct Magic {
  std::size_t at;
  std::string_view bytes;
};

// From the published descriptions of each format.
constexpr std::array kMagics = {
    Magic{0, "\xFF\xD8\xFF"sv},  // JPEG
    Magic{0, "\x89PNG"sv},
    Magic{0, "GIF8"sv},
    Magic{0, "BM"sv},     // Windows bitmap
    Magic{0, "II*\0"sv},  // TIFF
    Magic{0, "MM\0*"sv},
    Magic{0, "RIFF"sv},            // WebP, WAV, AVI
    Magic{0, "\0\0\0\x0CjP  "sv},  // JPEG 2000
    Magic{0, "\xFF\x4F\xFF\x51"sv},
    Magic{0, "8BPS"sv},              // Photoshop
    Magic{0, "\0\0\1\0"sv},          // icon
    Magic{0, "\xD7\xCD\xC6\x9A"sv},  // WMF
    Magic{128, "DICM"sv},            // DICOM
    Magic{4, "ftyp"sv},              // MP4, HEIC, MOV
    Magic{4, "moov"sv},
    Magic{4, "mdat"sv},
    Magic{4, "wide"sv},
    Magic{0, "\x1A\x45\xDF\xA3"sv},                  // Matroska, WebM
    Magic{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv},  // WMV, WMA
    Magic{0, "\0\0\1\xBA"sv},                        // MPEG
    Magic{0, "ID3"sv},
    Magic{0, "\xFF\xFB"sv},  // MP3
    Magic{0, "OggS"sv},
    Magic{0, "fLaC"sv},
    Magic{0, "%PDF"sv},
    Magic{0, "PK\3\4"sv},            // ZIP, Office
    Magic{0, "\xD0\xCF\x11\xE0"sv},  // older Office, Outlook
    Magic{0, "{\\rtf"sv},
    Magic{0, "\x1F\x8B"sv},  // gzip
    Magic{0, "BZh"sv},
    Magic{0, "7z\xBC\xAF\x27\x1C"sv},
    Magic{0, "Rar!"sv},
    Magic{0,
          "\xFD"sv
          "7zXZ"sv},
    Magic{0, "\x28\xB5\x2F\xFD"sv},  // Zstandard
    Magic{0, "MSCF"sv},              // cabinet
};

bool isKnown(std::string_view begin) {
  return std::any_of(kMagics.begin(), kMagics.end(), [&](const Magic& magic) {
    return begin.size() >= magic.at + magic.bytes.size() &&
           begin.substr(magic.at, magic.bytes.size()) == magic.bytes;
  });
}

// Pearson's chi-square against all 256 values being as likely: 255 on average for random bytes, with a
// standard deviation of 22.6. Six of these above it still count as random; text and image data lie in the
// thousands.
bool isEven(ByteView bytes) {
  constexpr double kRandomMax = 255 + 6 * 22.6;
  std::array<std::uint32_t, 256> counts{};
  for (const std::uint8_t byte : bytes) ++counts[byte];
  const double expected = static_cast<double>(bytes.size()) / 256;
  double sum = 0;
  for (const std::uint32_t count : counts) {
    const double difference = count - expected;
    sum += difference * difference / expected;
  }
  return sum < kRandomMax;
}

}  // namespace

bool looksScrambled(ByteView begin) {
  if (begin.size() < kContentLookMin) return false;
  begin = begin.first(std::min(begin.size(), kContentLookMax));
  return !isKnown(asText(begin)) && isEven(begin);
}

std::uint64_t contentMark(const std::vector<repository::BlobId>& content) {
  std::uint64_t mark = content.size();
  for (const repository::BlobId& id : content) {
    std::uint64_t part = 0;
    std::memcpy(&part, id.bytes.data(), sizeof part);
    mark = mark * 0x9E3779B97F4A7C15U + part;
  }
  return mark;
}

}  // namespace enamel::files
