#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "repository/index_file.h"
#include "repository/repository.h"

namespace enamel::repository {

// Where every blob is, in memory: 48 bytes a blob and a hash slot of 4 to 8. Thread-safe.
// A blob stored in several packs is held once, at the smallest (pack, offset), so that any order of merging
// gives the same index.
class Index {
 public:
  // Takes over what an index file says of a pack.
  void add(const IndexedPack& pack);

  std::optional<BlobLocation> find(BlobType type, const BlobId& id) const;
  bool has(BlobType type, const BlobId& id) const { return find(type, id).has_value(); }

  // For writers. True if nobody has the blob or is about to store it: the caller then must, and end with
  // add() of its pack. False if it is stored or on its way.
  bool claim(BlobType type, const BlobId& id);
  // Gives up all claims: their blobs were never stored.
  void dropClaims();

  std::uint64_t blobCount() const;
  std::uint64_t packCount() const;
  // All packs with what the index says of their blobs, sorted by pack; for check. Claims are left out.
  std::vector<IndexedPack> packs() const;
  std::uint64_t memoryBytes() const;

 private:
  struct Entry {
    BlobId id;
    std::uint32_t pack;  // index into packs_, top bit: tree; kClaimed: on its way
    std::uint32_t offset;
    std::uint32_t stored_bytes;
    std::uint32_t uncompressed_bytes;
  };
  static constexpr std::uint32_t kTreeBit = 1U << 31;
  static constexpr std::uint32_t kClaimed = kTreeBit - 1;
  static constexpr std::uint32_t kEmptySlot = 0xFFFFFFFFU;

  // The slot that holds the blob, or the empty one where it belongs. REQUIRES mutex_.
  std::size_t slotOf(BlobType type, const BlobId& id) const;
  void insert(std::size_t slot, const Entry& entry);
  void grow();
  void rehash(std::size_t slots);
  std::uint32_t packNumber(const PackId& id);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;        // guarded by mutex_
  std::vector<std::uint32_t> slots_;  // guarded by mutex_; positions in entries_, size a power of two
  std::vector<PackId> packs_;         // guarded by mutex_
  std::unordered_map<PackId, std::uint32_t> pack_numbers_;  // guarded by mutex_
};

}  // namespace enamel::repository
