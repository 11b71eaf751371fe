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

// One index file's plaintext. Format: restic's design document, "Indexing".
Bytes encodeIndex(const std::vector<IndexedPack>& packs);
// Throws kCorrupt; every length is checked.
std::vector<IndexedPack> decodeIndex(ByteView json, const std::string& name);

}  // namespace enamel::repository
