#include "mariadb/myi_header.h"

#include <algorithm>
#include <array>

namespace enamel::mariadb {
namespace {

// All numbers are big-endian. Offsets from MyISAM's documented state header.
constexpr std::array<std::uint8_t, 4> kMagic{0xFE, 0xFE, 0x07, 0x01};
constexpr std::size_t kHeaderLengthAt = 6;
constexpr std::size_t kOpenCountAt = 24;
constexpr std::size_t kChangedAt = 26;
constexpr std::size_t kRowsAt = 28;
constexpr std::size_t kDeletedAt = 36;
constexpr std::size_t kKeyFileLengthAt = 60;
constexpr std::size_t kDataFileLengthAt = 68;
constexpr std::uint8_t kCrashedFlags = 2 | 4;  // crashed; crashed while it was repaired

std::uint64_t loadBe(ByteView bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

}  // namespace

std::optional<MyiHeader> parseMyiHeader(ByteView prefix) {
  if (prefix.size() < MyiHeader::kPrefixBytes) return std::nullopt;
  if (!std::equal(kMagic.begin(), kMagic.end(), prefix.begin())) return std::nullopt;
  MyiHeader header;
  header.header_bytes = static_cast<std::uint32_t>(loadBe(prefix, kHeaderLengthAt, 2));
  if (header.header_bytes < MyiHeader::kPrefixBytes) return std::nullopt;
  header.open_count = static_cast<std::uint32_t>(loadBe(prefix, kOpenCountAt, 2));
  header.crashed = (prefix[kChangedAt] & kCrashedFlags) != 0;
  header.rows = loadBe(prefix, kRowsAt, 8);
  header.deleted_rows = loadBe(prefix, kDeletedAt, 8);
  header.key_file_bytes = loadBe(prefix, kKeyFileLengthAt, 8);
  header.data_file_bytes = loadBe(prefix, kDataFileLengthAt, 8);
  return header;
}

}  // namespace enamel::mariadb
