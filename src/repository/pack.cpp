#include "repository/pack.h"

#include <algorithm>

#include "base/error.h"

namespace enamel::repository {
namespace {

// Entry types of the header: bit 0 data or tree, bit 1 compressed.
constexpr std::uint8_t kCompressedBit = 2;
constexpr std::size_t kPlainEntryBytes = 1 + 4 + 32;
constexpr std::size_t kCompressedEntryBytes = kPlainEntryBytes + 4;
static_assert(kCompressedEntryBytes == kHeaderEntryBytesMax);

std::size_t entryBytes(const PackedBlob& blob) {
  return blob.uncompressed_bytes != 0 ? kCompressedEntryBytes : kPlainEntryBytes;
}

[[noreturn]] void throwDamaged(const std::string& name, const char* cause) {
  throw Error(ErrorCode::kCorrupt, name + " has a damaged header: " + cause);
}

}  // namespace

Bytes encodePackHeader(const std::vector<PackedBlob>& blobs) {
  Bytes out;
  std::uint32_t offset = 0;
  for (const PackedBlob& blob : blobs) {
    ENAMEL_CHECK(blob.offset == offset);
    offset += blob.stored_bytes;
    const std::size_t at = out.size();
    out.resize(at + entryBytes(blob));
    std::uint8_t* p = out.data() + at;
    *p++ = static_cast<std::uint8_t>(static_cast<std::uint8_t>(blob.type) |
                                     (blob.uncompressed_bytes != 0 ? kCompressedBit : 0));
    storeLe32(p, blob.stored_bytes);
    p += 4;
    if (blob.uncompressed_bytes != 0) {
      storeLe32(p, blob.uncompressed_bytes);
      p += 4;
    }
    std::memcpy(p, blob.id.bytes.data(), blob.id.bytes.size());
  }
  return out;
}

std::vector<PackedBlob> decodePackHeader(ByteView plain, std::uint64_t data_bytes, const std::string& name) {
  std::vector<PackedBlob> blobs;
  std::uint64_t offset = 0;
  while (!plain.empty()) {
    const std::uint8_t type = plain[0];
    if (type > 3) throwDamaged(name, "unknown entry type");
    const bool compressed = (type & kCompressedBit) != 0;
    const std::size_t size = compressed ? kCompressedEntryBytes : kPlainEntryBytes;
    if (plain.size() < size) throwDamaged(name, "an entry is cut off");
    PackedBlob blob;
    blob.type = static_cast<BlobType>(type & 1);
    blob.stored_bytes = loadLe32(plain.data() + 1);
    if (compressed) blob.uncompressed_bytes = loadLe32(plain.data() + 5);
    std::memcpy(blob.id.bytes.data(), plain.data() + size - 32, 32);
    if (blob.stored_bytes < crypto::Box::kOverheadBytes || (compressed && blob.uncompressed_bytes == 0)) {
      throwDamaged(name, "a length is impossible");
    }
    if (offset + blob.stored_bytes > data_bytes || offset > 0xFFFFFFFFU)
      throwDamaged(name, "its blobs overlap the header");
    blob.offset = static_cast<std::uint32_t>(offset);
    offset += blob.stored_bytes;
    blobs.push_back(blob);
    plain = plain.subspan(size);
  }
  if (offset != data_bytes) throwDamaged(name, "its blobs do not fill the pack");
  return blobs;
}

std::uint64_t packFileBytes(const std::vector<PackedBlob>& blobs) {
  std::uint64_t bytes = crypto::Box::kOverheadBytes + kPackTrailerBytes;
  for (const PackedBlob& blob : blobs) bytes += blob.stored_bytes + entryBytes(blob);
  return bytes;
}

std::uint64_t packBytesMin(const std::vector<PackedBlob>& blobs) {
  std::uint64_t end = 0, header = 0, at = ~std::uint64_t{0};
  for (const PackedBlob& blob : blobs) {
    end = std::max(end, std::uint64_t{blob.offset} + blob.stored_bytes);
    if (blob.offset != at) header += entryBytes(blob);  // said twice is there once
    at = blob.offset;
  }
  return end + header + crypto::Box::kOverheadBytes + kPackTrailerBytes;
}

}  // namespace enamel::repository
