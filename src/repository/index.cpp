#include "repository/index.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"

namespace enamel::repository {
namespace {
constexpr std::size_t kSlotsMin = 1024;
}  // namespace

std::size_t Index::slotOf(BlobType type, const BlobId& id) const {
  const std::size_t mask = slots_.size() - 1;
  const bool is_tree = type == BlobType::kTree;
  for (std::size_t slot = std::hash<Sha256>()(id) & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == kEmptySlot) return slot;
    const Entry& entry = entries_[slots_[slot]];
    if (((entry.pack & kTreeBit) != 0) == is_tree && entry.id == id) return slot;
  }
}

void Index::grow() {
  if (!slots_.empty() && entries_.size() * 4 < slots_.size() * 3) return;
  rehash(std::max(kSlotsMin, slots_.size() * 2));
}

void Index::rehash(std::size_t slots) {
  slots_.assign(slots, kEmptySlot);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const BlobType type = (entries_[i].pack & kTreeBit) != 0 ? BlobType::kTree : BlobType::kData;
    slots_[slotOf(type, entries_[i].id)] = static_cast<std::uint32_t>(i);
  }
}

void Index::insert(std::size_t slot, const Entry& entry) {
  entries_.push_back(entry);  // first: where there is no memory for it, the slot stays empty
  slots_[slot] = static_cast<std::uint32_t>(entries_.size() - 1);
}

std::uint32_t Index::packNumber(const PackId& id) {
  const auto [it, is_new] = pack_numbers_.try_emplace(id, static_cast<std::uint32_t>(packs_.size()));
  if (is_new) packs_.push_back(id);
  ENAMEL_CHECK(packs_.size() < kClaimed);
  return it->second;
}

void Index::add(const IndexedPack& pack) {
  const std::lock_guard lock(mutex_);
  const std::uint32_t number = packNumber(pack.id);
  for (const PackedBlob& blob : pack.blobs) {
    grow();
    const Entry entry{.id = blob.id,
                      .pack = number | (blob.type == BlobType::kTree ? kTreeBit : 0),
                      .offset = blob.offset,
                      .stored_bytes = blob.stored_bytes,
                      .uncompressed_bytes = blob.uncompressed_bytes};
    const std::size_t slot = slotOf(blob.type, blob.id);
    if (slots_[slot] == kEmptySlot) {
      insert(slot, entry);
      continue;
    }
    Entry& known = entries_[slots_[slot]];
    const std::uint32_t known_pack = known.pack & ~kTreeBit;
    if (known_pack == kClaimed || std::tie(pack.id, blob.offset) < std::tie(packs_[known_pack], known.offset))
      known = entry;
  }
}

std::optional<BlobLocation> Index::find(BlobType type, const BlobId& id) const {
  const std::lock_guard lock(mutex_);
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t position = slots_[slotOf(type, id)];
  if (position == kEmptySlot) return std::nullopt;
  const Entry& entry = entries_[position];
  const std::uint32_t pack = entry.pack & ~kTreeBit;
  if (pack == kClaimed) return std::nullopt;
  const auto overhead = static_cast<std::uint32_t>(crypto::Box::kOverheadBytes);
  return BlobLocation{.pack = packs_[pack],
                      .offset = entry.offset,
                      .stored_bytes = entry.stored_bytes,
                      .plaintext_bytes = entry.uncompressed_bytes != 0 ? entry.uncompressed_bytes
                                                                       : entry.stored_bytes - overhead,
                      .compressed = entry.uncompressed_bytes != 0};
}

bool Index::claim(BlobType type, const BlobId& id) {
  const std::lock_guard lock(mutex_);
  grow();
  const std::size_t slot = slotOf(type, id);
  if (slots_[slot] != kEmptySlot) return false;
  insert(slot, {.id = id,
                .pack = kClaimed | (type == BlobType::kTree ? kTreeBit : 0),
                .offset = 0,
                .stored_bytes = 0,
                .uncompressed_bytes = 0});
  return true;
}

void Index::dropClaims() {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [](const Entry& e) { return (e.pack & ~kTreeBit) == kClaimed; });
  rehash(std::max(kSlotsMin, slots_.size()));
}

std::uint64_t Index::blobCount() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::uint64_t Index::packCount() const {
  const std::lock_guard lock(mutex_);
  return packs_.size();
}

std::vector<IndexedPack> Index::packs() const {
  const std::lock_guard lock(mutex_);
  std::vector<IndexedPack> out(packs_.size());
  for (std::size_t i = 0; i < packs_.size(); ++i) out[i].id = packs_[i];
  for (const Entry& e : entries_) {
    const std::uint32_t pack = e.pack & ~kTreeBit;
    if (pack == kClaimed) continue;
    out[pack].blobs.push_back({.id = e.id,
                               .type = (e.pack & kTreeBit) != 0 ? BlobType::kTree : BlobType::kData,
                               .offset = e.offset,
                               .stored_bytes = e.stored_bytes,
                               .uncompressed_bytes = e.uncompressed_bytes});
  }
  for (IndexedPack& pack : out) {
    std::sort(pack.blobs.begin(), pack.blobs.end(),
              [](const PackedBlob& a, const PackedBlob& b) { return a.offset < b.offset; });
  }
  std::sort(out.begin(), out.end(), [](const IndexedPack& a, const IndexedPack& b) { return a.id < b.id; });
  return out;
}

std::uint64_t Index::memoryBytes() const {
  const std::lock_guard lock(mutex_);
  return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t) +
         packs_.capacity() * 100;
}

}  // namespace enamel::repository
