#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "repository/index_file.h"
#include "repository/repository.h"

namespace enamel::repository {

// Where every blob is, in memory: 48 bytes a blob and a hash slot of 4 to 8. Thread-safe.
// A blob stored in several packs is held at the smallest (pack, offset), so that any order of merging gives
// the same index. Its other places stand in a table beside: there are few, and they count once a pack is
// damaged.
class Index {
 public:
  // Takes over what an index file says of a pack.
  void add(const IndexedPack& pack);

  std::optional<BlobLocation> find(BlobType type, const BlobId& id) const;
  bool has(BlobType type, const BlobId& id) const { return find(type, id).has_value(); }
  // All of the blob's places, that of find() first.
  std::vector<BlobLocation> places(BlobType type, const BlobId& id) const;

  // For writers. True if nobody has the blob or is about to store it: the caller then must, and end with
  // add() of its pack. False if it is stored or on its way.
  bool claim(BlobType type, const BlobId& id);
  // Gives up all claims: their blobs were never stored.
  void dropClaims();

  // Forgets what lies in packs that is_whole(pack, bytes_min) says no to, so that it can be claimed and
  // stored again; blobs that lie elsewhere, too, are found there from now on. bytes_min: what the file must
  // at least have to hold all that the index names. Returns the packs.
  std::vector<PackId> dropPacks(const std::function<bool(const PackId&, std::uint64_t bytes_min)>& is_whole);
  // The same for all places of one blob.
  void dropBlob(BlobType type, const BlobId& id);
  // Whether the blob was forgotten so, and not stored again since.
  bool isLost(BlobType type, const BlobId& id) const;

  std::uint64_t packCount() const;
  // All packs with all that the index says of their blobs, sorted by pack. Claims are left out.
  std::vector<IndexedPack> packs() const;

 private:
  struct Entry {
    BlobId id;
    std::uint32_t pack;  // index into packs_, top bit: tree; or kClaimed, kLost
    std::uint32_t offset;
    std::uint32_t stored_bytes;
    std::uint32_t uncompressed_bytes;

    std::uint32_t packNumber() const { return pack & ~kTreeBit; }
    BlobType type() const { return (pack & kTreeBit) != 0 ? BlobType::kTree : BlobType::kData; }
  };
  struct ByBlob {
    bool operator()(const Entry& a, const Entry& b) const {
      return std::tuple(a.type(), a.id, a.pack, a.offset) < std::tuple(b.type(), b.id, b.pack, b.offset);
    }
  };
  struct Pack {
    PackId id;
    std::uint64_t bytes_min = 0;
  };
  static constexpr std::uint32_t kTreeBit = 1U << 31;
  static constexpr std::uint32_t kClaimed = kTreeBit - 1;  // on its way
  static constexpr std::uint32_t kLost = kTreeBit - 2;     // in no pack that is whole
  static constexpr std::uint32_t kEmptySlot = 0xFFFFFFFFU;

  // The slot that holds the blob, or the empty one where it belongs. REQUIRES mutex_.
  std::size_t slotOf(BlobType type, const BlobId& id) const;
  const Entry* entryOf(BlobType type, const BlobId& id) const;
  void insert(std::size_t slot, const Entry& entry);
  // The blob's places in others_, from the first on.
  std::set<Entry, ByBlob>::const_iterator firstOther(BlobType type, const BlobId& id) const;
  bool isBefore(const Entry& a, const Entry& b) const;
  BlobLocation locationOf(const Entry& entry) const;
  void moveToOther(Entry& entry);
  void grow();
  void rehash(std::size_t slots);
  std::uint32_t packNumber(const PackId& id);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;        // guarded by mutex_
  std::vector<std::uint32_t> slots_;  // guarded by mutex_; positions in entries_, size a power of two
  std::set<Entry, ByBlob> others_;    // guarded by mutex_; further places of blobs that have several
  std::vector<Pack> packs_;           // guarded by mutex_
  std::unordered_map<PackId, std::uint32_t> pack_numbers_;  // guarded by mutex_
};

}  // namespace enamel::repository
