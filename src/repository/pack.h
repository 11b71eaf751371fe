#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/box.h"
#include "repository/ids.h"

namespace enamel::repository {

// A blob inside a pack.
struct PackedBlob {
  BlobId id;
  BlobType type = BlobType::kData;
  std::uint32_t offset = 0;
  std::uint32_t stored_bytes = 0;        // nonce, ciphertext, MAC
  std::uint32_t uncompressed_bytes = 0;  // 0: not compressed

  std::uint32_t plaintextBytes() const {
    return uncompressed_bytes != 0 ? uncompressed_bytes
                                   : stored_bytes - static_cast<std::uint32_t>(crypto::Box::kOverheadBytes);
  }
  friend bool operator==(const PackedBlob&, const PackedBlob&) = default;
};

// Format: restic's design document, "Pack Format": blobs, sealed header, header length (4 bytes, little
// endian).
inline constexpr std::size_t kPackTrailerBytes = 4;
inline constexpr std::size_t kHeaderBytesMax = 16U << 20;  // sealed; restic reads no longer one
inline constexpr std::size_t kHeaderEntryBytesMax = 41;

// The header's plaintext. blobs are in the order of their offsets, without gaps.
Bytes encodePackHeader(const std::vector<PackedBlob>& blobs);
// Offsets follow from the lengths. data_bytes: size of the pack before its header; throws kCorrupt (naming
// the pack) unless the blobs fill exactly that.
std::vector<PackedBlob> decodePackHeader(ByteView plain, std::uint64_t data_bytes, const std::string& name);

// What a pack with these blobs weighs as a file.
std::uint64_t packFileBytes(const std::vector<PackedBlob>& blobs);
// What a pack weighs at least that holds these blobs, sorted by offset, and perhaps others.
std::uint64_t packBytesMin(const std::vector<PackedBlob>& blobs);

}  // namespace enamel::repository
