#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "repository/pack.h"

namespace enamel::repository {

struct IndexedPack {
  PackId id;
  std::vector<PackedBlob> blobs;
};

// A writer begins another file when one holds that many: they are read and written whole.
inline constexpr std::size_t kIndexBlobsMax = 50'000;

// One index file's plaintext. Format: restic's design document, "Indexing".
Bytes encodeIndex(const std::vector<IndexedPack>& packs);
// Throws kCorrupt; every length is checked.
std::vector<IndexedPack> decodeIndex(ByteView json, const std::string& name);

}  // namespace enamel::repository
