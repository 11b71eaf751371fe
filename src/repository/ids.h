#pragma once

#include "hash/sha256.h"

namespace enamel::repository {

// A blob's name: SHA-256 of its plaintext. The other names are SHA-256 of the stored file's bytes.
using BlobId = TaggedId<struct BlobIdTag>;
using PackId = TaggedId<struct PackIdTag>;
using IndexId = TaggedId<struct IndexIdTag>;
using SnapshotId = TaggedId<struct SnapshotIdTag>;
using KeyId = TaggedId<struct KeyIdTag>;
using LockId = TaggedId<struct LockIdTag>;

enum class BlobType : std::uint8_t { kData = 0, kTree = 1 };

}  // namespace enamel::repository
