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
  for (std::size_t slot = std::hash<Sha256>()(id) & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == kEmptySlot) return slot;
    const Entry& entry = entries_[slots_[slot]];
    if (entry.type() == type && entry.id == id) return slot;
  }
}

void Index::grow() {
  if (!slots_.empty() && entries_.size() * 4 < slots_.size() * 3) return;
  rehash(std::max(kSlotsMin, slots_.size() * 2));
}

void Index::rehash(std::size_t slots) {
  slots_.assign(slots, kEmptySlot);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    slots_[slotOf(entries_[i].type(), entries_[i].id)] = static_cast<std::uint32_t>(i);
  }
}

void Index::insert(std::size_t slot, const Entry& entry) {
  entries_.push_back(entry);  // first: where there is no memory for it, the slot stays empty
  slots_[slot] = static_cast<std::uint32_t>(entries_.size() - 1);
}

std::uint32_t Index::packNumber(const PackId& id) {
  const auto [it, is_new] = pack_numbers_.try_emplace(id, static_cast<std::uint32_t>(packs_.size()));
  if (is_new) packs_.push_back({.id = id});
  ENAMEL_CHECK(packs_.size() < kLost);
  return it->second;
}

// REQUIRES mutex_, as all of these. Null if nothing is known of the blob.
const Index::Entry* Index::entryOf(BlobType type, const BlobId& id) const {
  if (slots_.empty()) return nullptr;
  const std::uint32_t position = slots_[slotOf(type, id)];
  return position == kEmptySlot ? nullptr : &entries_[position];
}

std::set<Index::Entry, Index::ByBlob>::const_iterator Index::firstOther(BlobType type,
                                                                        const BlobId& id) const {
  return others_.lower_bound({.id = id,
                              .pack = type == BlobType::kTree ? kTreeBit : 0,
                              .offset = 0,
                              .stored_bytes = 0,
                              .uncompressed_bytes = 0});
}

bool Index::isBefore(const Entry& a, const Entry& b) const {
  return std::tie(packs_[a.packNumber()].id, a.offset) < std::tie(packs_[b.packNumber()].id, b.offset);
}

BlobLocation Index::locationOf(const Entry& entry) const {
  const auto overhead = static_cast<std::uint32_t>(crypto::Box::kOverheadBytes);
  return {.pack = packs_[entry.packNumber()].id,
          .offset = entry.offset,
          .stored_bytes = entry.stored_bytes,
          .plaintext_bytes =
              entry.uncompressed_bytes != 0 ? entry.uncompressed_bytes : entry.stored_bytes - overhead,
          .compressed = entry.uncompressed_bytes != 0};
}

void Index::add(const IndexedPack& pack) {
  // Let go of every now and then: a thread that stores packs at idle priority may lose its CPU in here, while
  // one that an office waits for wants to look a blob up.
  constexpr std::size_t kBlobsAtOnce = 32;
  std::unique_lock lock(mutex_);
  const std::uint32_t number = packNumber(pack.id);
  packs_[number].bytes_min = std::max(packs_[number].bytes_min, packBytesMin(pack.blobs));
  std::size_t count = 0;
  for (const PackedBlob& blob : pack.blobs) {
    if (++count % kBlobsAtOnce == 0) {
      lock.unlock();
      lock.lock();
    }
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
    if (known.packNumber() == kClaimed || known.packNumber() == kLost) {
      known = entry;
    } else if (isBefore(entry, known)) {
      others_.insert(known);
      known = entry;
    } else if (isBefore(known, entry)) {
      others_.insert(entry);
    }
  }
}

std::optional<BlobLocation> Index::find(BlobType type, const BlobId& id) const {
  const std::lock_guard lock(mutex_);
  const Entry* const entry = entryOf(type, id);
  if (entry == nullptr || entry->packNumber() == kClaimed || entry->packNumber() == kLost)
    return std::nullopt;
  return locationOf(*entry);
}

std::vector<BlobLocation> Index::places(BlobType type, const BlobId& id) const {
  const std::lock_guard lock(mutex_);
  const Entry* const entry = entryOf(type, id);
  if (entry == nullptr || entry->packNumber() == kClaimed || entry->packNumber() == kLost) return {};
  std::vector<BlobLocation> places = {locationOf(*entry)};
  for (auto it = firstOther(type, id); it != others_.end() && it->type() == type && it->id == id; ++it)
    places.push_back(locationOf(*it));
  return places;
}

bool Index::claim(BlobType type, const BlobId& id) {
  const std::lock_guard lock(mutex_);
  grow();
  const std::size_t slot = slotOf(type, id);
  const Entry claimed{.id = id,
                      .pack = kClaimed | (type == BlobType::kTree ? kTreeBit : 0),
                      .offset = 0,
                      .stored_bytes = 0,
                      .uncompressed_bytes = 0};
  if (slots_[slot] == kEmptySlot) {
    insert(slot, claimed);
    return true;
  }
  Entry& known = entries_[slots_[slot]];
  if (known.packNumber() != kLost) return false;
  known = claimed;
  return true;
}

void Index::dropClaims() {
  const std::lock_guard lock(mutex_);
  if (std::erase_if(entries_, [](const Entry& e) { return e.packNumber() == kClaimed; }) == 0) return;
  rehash(std::max(kSlotsMin, slots_.size()));
}

// An entry whose place is no good: to the first of the others, or lost.
void Index::moveToOther(Entry& entry) {
  const auto first = firstOther(entry.type(), entry.id);
  auto best = others_.end();
  for (auto it = first; it != others_.end() && it->type() == entry.type() && it->id == entry.id; ++it) {
    if (best == others_.end() || isBefore(*it, *best)) best = it;
  }
  if (best == others_.end()) {
    entry.pack = kLost | (entry.pack & kTreeBit);
  } else {
    entry = *best;
    others_.erase(best);
  }
}

std::vector<PackId> Index::dropPacks(
    const std::function<bool(const PackId&, std::uint64_t bytes_min)>& is_whole) {
  const std::lock_guard lock(mutex_);
  std::vector<PackId> dropped;
  std::vector<bool> is_dropped(packs_.size());
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    if (packs_[i].bytes_min == 0 || is_whole(packs_[i].id, packs_[i].bytes_min)) continue;
    is_dropped[i] = true;
    dropped.push_back(packs_[i].id);
    packs_[i].bytes_min = 0;  // nothing is named of it any more
  }
  if (dropped.empty()) return dropped;
  const auto lies_there = [&](const Entry& e) {
    return e.packNumber() < is_dropped.size() && is_dropped[e.packNumber()];
  };
  std::erase_if(others_, lies_there);
  for (Entry& entry : entries_) {
    if (lies_there(entry)) moveToOther(entry);
  }
  return dropped;
}

void Index::dropBlob(BlobType type, const BlobId& id) {
  const std::lock_guard lock(mutex_);
  if (slots_.empty()) return;
  const std::uint32_t position = slots_[slotOf(type, id)];
  if (position == kEmptySlot || entries_[position].packNumber() == kClaimed) return;
  while (entries_[position].packNumber() != kLost) moveToOther(entries_[position]);
}

bool Index::isLost(BlobType type, const BlobId& id) const {
  const std::lock_guard lock(mutex_);
  const Entry* const entry = entryOf(type, id);
  return entry != nullptr && entry->packNumber() == kLost;
}

std::uint64_t Index::packCount() const {
  const std::lock_guard lock(mutex_);
  return packs_.size();
}

std::vector<IndexedPack> Index::packs() const {
  const std::lock_guard lock(mutex_);
  std::vector<IndexedPack> out(packs_.size());
  for (std::size_t i = 0; i < packs_.size(); ++i) out[i].id = packs_[i].id;
  const auto take = [&](const Entry& e) {
    if (e.packNumber() == kClaimed || e.packNumber() == kLost) return;
    out[e.packNumber()].blobs.push_back({.id = e.id,
                                         .type = e.type(),
                                         .offset = e.offset,
                                         .stored_bytes = e.stored_bytes,
                                         .uncompressed_bytes = e.uncompressed_bytes});
  };
  std::for_each(entries_.begin(), entries_.end(), take);
  std::for_each(others_.begin(), others_.end(), take);
  for (IndexedPack& pack : out) {
    std::sort(pack.blobs.begin(), pack.blobs.end(),
              [](const PackedBlob& a, const PackedBlob& b) { return a.offset < b.offset; });
  }
  std::sort(out.begin(), out.end(), [](const IndexedPack& a, const IndexedPack& b) { return a.id < b.id; });
  return out;
}

}  // namespace enamel::repository
