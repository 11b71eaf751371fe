#include "repository/pack_writer.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/file.h"
#include "base/threads.h"
#include "repository/compression.h"
#include "repository/repository_impl.h"

namespace enamel::repository {
namespace {

// On table files level 2 is 1 % (rows) and 8 % (indexes) smaller than 1; a whole backup took as long with
// either.
constexpr int kAutoLevel = 2;
constexpr int kTreeLevel = 3;
constexpr int kMaxLevel = 19;
constexpr std::uint32_t kPackBytesMin = 1U << 20;
constexpr std::uint32_t kPackBytesMax = 128U << 20;
// A blob whose length does not fit the format's 32 bits cannot be stored.
constexpr std::size_t kBlobBytesMax = (1U << 31) - 1;
// restic keeps index files at or below this many blobs.
// An index file is written when the stored but unindexed packs are this share of all packs, so that an
// interrupted first backup loses little, and a big repository does not fill with small index files. At least
// a few; at most 256 (4 GiB of packs of the usual size), so that a long run that is cut off never has more
// than that to do again.
constexpr std::size_t kUnindexedPacksMin = 16;
constexpr std::size_t kUnindexedPacksMax = 256;
constexpr std::size_t kUnindexedShare = 8;
// Less is not worth taking the lock for.
constexpr std::size_t kHashedAlongsideMin = 2048;

bool headerIsFull(const std::vector<PackedBlob>& blobs) {
  return crypto::Box::kOverheadBytes + (blobs.size() + 1) * kHeaderEntryBytesMax > kHeaderBytesMax;
}

int levelFor(BlobType type, WriterOptions::Compression compression) {
  if (compression == WriterOptions::Compression::kMax) return kMaxLevel;
  return type == BlobType::kTree ? kTreeLevel : kAutoLevel;
}

bool worthCompressing(BlobType type, ByteView plaintext, WriterOptions::Compression compression) {
  if (type == BlobType::kTree || compression == WriterOptions::Compression::kMax) return true;
  return compression == WriterOptions::Compression::kAuto && looksCompressible(plaintext);
}

}  // namespace

PackWriter::PackWriter(Repository& repository, const WriterOptions& options)
    : repository_(repository),
      options_(options),
      packs_max_(kDataPacks + 1 + std::max<std::size_t>(1, options.upload_threads)) {
  if (repository.config().version < 2) {
    throw Error(ErrorCode::kUnsupported,
                "the repository has format version 1, which Enamel reads but does not write",
                "upgrade it first: restic migrate upgrade_repo_v2");
  }
  randomBytes({reinterpret_cast<std::uint8_t*>(&random_state_), sizeof random_state_});
  random_state_ |= 1;
  uploaders_ = startThreads(
      std::max<std::size_t>(1, options.upload_threads), [this](std::size_t) { upload(); },
      [this] { stop(); });
}

void PackWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

PackWriter::~PackWriter() {
  stop();
  for (std::thread& thread : uploaders_) thread.join();
  repository_.impl().index.dropClaims();
}

BlobWriter::Saved PackWriter::save(BlobType type, ByteView plaintext) {
  if (plaintext.size() > kBlobBytesMax)
    throw Error(ErrorCode::kLimit, "a blob of more than 2 GiB cannot be stored");
  try {
    const BlobId id = hash(plaintext);
    if (repository_.impl().index.claim(type, id)) return store(type, id, plaintext);
    throwIfFailed();
    return {.id = id, .is_new = false, .stored_bytes = 0};
  } catch (...) {
    // Others may count on this claim already, or wait for a pack taken here: the whole writer is lost.
    fail(std::current_exception());
    throw;
  }
}

BlobId PackWriter::hash(ByteView plaintext) {
  ByteView bytes;
  Pack* const pack = plaintext.size() < kHashedAlongsideMin ? nullptr : takeUnhashed(plaintext.size(), bytes);
  if (pack == nullptr) return BlobId::of(plaintext);
  const BlobId id(pack->hasher.updateAlongside(bytes, plaintext));
  const std::lock_guard lock(mutex_);
  pack->hashed += bytes.size();
  pack->hashing = false;
  queueIfReady(*pack);
  return id;
}

// The pack with most to be hashed, for the caller alone, and its next bytes; nullptr if there is little.
PackWriter::Pack* PackWriter::takeUnhashed(std::size_t bytes_max, ByteView& bytes) {
  const std::lock_guard lock(mutex_);
  Pack* best = nullptr;
  std::size_t most = kHashedAlongsideMin - 1;
  const auto look = [&](const std::unique_ptr<Pack>& pack) {
    if (!pack || pack->hashing || pack->sealed - pack->hashed <= most) return;
    best = pack.get();
    most = pack->sealed - pack->hashed;
  };
  for (const auto& pack : open_data_) look(pack);
  for (const auto& pack : closing_) look(pack);
  look(open_tree_);
  if (best == nullptr) return nullptr;
  best->hashing = true;
  bytes = ByteView(best->buffer).subspan(best->hashed, std::min(most, bytes_max));
  return best;
}

BlobWriter::Saved PackWriter::store(BlobType type, const BlobId& id, ByteView plaintext) {
  thread_local Bytes compressed;
  ByteView body = plaintext;
  PackedBlob blob{.id = id, .type = type, .offset = 0, .stored_bytes = 0, .uncompressed_bytes = 0};
  if (worthCompressing(type, plaintext, options_.compression) &&
      compress(plaintext, levelFor(type, options_.compression), compressed)) {
    body = compressed;
    blob.uncompressed_bytes = static_cast<std::uint32_t>(plaintext.size());
  }
  blob.stored_bytes = static_cast<std::uint32_t>(body.size() + crypto::Box::kOverheadBytes);
  const Place place = reserve(blob);
  repository_.impl().box.seal(body,
                              MutableByteView(place.pack->buffer).subspan(place.offset, blob.stored_bytes));
  finish(place);
  if (compressed.capacity() > (8U << 20)) Bytes().swap(compressed);  // after a rare huge row
  return {.id = id, .is_new = true, .stored_bytes = blob.stored_bytes};
}

std::size_t PackWriter::targetBytes() const {
  return std::clamp(options_.pack_size_target, kPackBytesMin, kPackBytesMax);
}

PackWriter::Place PackWriter::reserve(const PackedBlob& blob) {
  std::unique_lock lock(mutex_);
  // xorshift64: the choice must not follow from the file, it need not be a secret.
  random_state_ ^= random_state_ << 13;
  random_state_ ^= random_state_ >> 7;
  random_state_ ^= random_state_ << 17;
  std::unique_ptr<Pack>& slot =
      blob.type == BlobType::kTree ? open_tree_ : open_data_[random_state_ % kDataPacks];
  for (;;) {
    if (failure_) std::rethrow_exception(failure_);
    if (slot && (slot->used + blob.stored_bytes > slot->buffer.size() || headerIsFull(slot->blobs)))
      close(slot);
    if (slot) break;
    if (packs_alive_ < packs_max_) {
      slot = newPack(std::max<std::size_t>(targetBytes(), blob.stored_bytes));
      break;
    }
    // Who reads while an office waits must not wait for threads that only get what that office leaves over.
    if (!queue_.empty() && outranksUploaders()) {
      storeNext(lock);
    } else {
      changed_.wait(lock);
    }
  }
  const Place place{slot.get(), slot->used};
  slot->blobs.push_back(blob);
  slot->blobs.back().offset = static_cast<std::uint32_t>(slot->used);
  slot->used += blob.stored_bytes;
  ++slot->unsealed;
  if (blob.type == BlobType::kTree) {
    ++stats_.tree_blobs;
  } else {
    ++stats_.data_blobs;
  }
  stats_.bytes_added += blob.plaintextBytes();
  stats_.bytes_packed += blob.stored_bytes;
  return place;
}

void PackWriter::finish(const Place& place) {
  const std::lock_guard lock(mutex_);
  if (--place.pack->unsealed == 0) place.pack->sealed = place.pack->used;
  queueIfReady(*place.pack);
}

// REQUIRES mutex_. Hands a closed pack over once the last thread is done with it.
void PackWriter::queueIfReady(Pack& pack) {
  if (!pack.closed || pack.busy()) return;
  const auto it =
      std::find_if(closing_.begin(), closing_.end(), [&](const auto& p) { return p.get() == &pack; });
  queue_.push_back(std::move(*it));
  closing_.erase(it);
  changed_.notify_all();
}

// REQUIRES mutex_.
std::unique_ptr<PackWriter::Pack> PackWriter::newPack(std::size_t capacity) {
  auto pack = std::make_unique<Pack>();
  if (!spare_.empty() && spare_.back().size() >= capacity) {
    pack->buffer = std::move(spare_.back());
    spare_.pop_back();
  } else {
    pack->buffer.resize(capacity);
  }
  ++packs_alive_;
  return pack;
}

// REQUIRES mutex_.
void PackWriter::close(std::unique_ptr<Pack>& pack) {
  pack->closed = true;
  Pack& closed = *pack;
  closing_.push_back(std::move(pack));
  queueIfReady(closed);
}

// REQUIRES mutex_.
void PackWriter::closeAll() {
  for (std::unique_ptr<Pack>* pack : {&open_data_[0], &open_data_[1], &open_tree_}) {
    if (*pack) close(*pack);
  }
}

void PackWriter::upload() {
  pthread_setname_np(pthread_self(), "pack-store");
  if (options_.priority != Priority::kNormal) setThreadPriority(options_.priority);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !queue_.empty() || stopping_; });
    if (stopping_) return;
    storeNext(lock);
    lock.unlock();
    writeIndex(kIndexBlobsMax);
    lock.lock();
  }
}

bool PackWriter::outranksUploaders() const {
  return options_.priority == Priority::kIdle && threadPriority() != Priority::kIdle;
}

// REQUIRES lock on mutex_, which it lets go of meanwhile, and a pack in the queue.
void PackWriter::storeNext(std::unique_lock<std::mutex>& lock) {
  const std::unique_ptr<Pack> pack = std::move(queue_.front());
  queue_.pop_front();
  ++storing_;
  const bool skip = failure_ != nullptr;
  lock.unlock();
  if (!skip) {
    try {
      storePack(*pack);
    } catch (...) {
      fail(std::current_exception());
    }
  }
  lock.lock();
  // One made for a huge blob is not kept: packs would be as large from then on.
  if (pack->buffer.size() == targetBytes() && spare_.size() < packs_max_)
    spare_.push_back(std::move(pack->buffer));
  --storing_;
  --packs_alive_;
  changed_.notify_all();
}

void PackWriter::storePack(Pack& pack) {
  const Bytes header = repository_.impl().box.seal(encodePackHeader(pack.blobs));
  std::array<std::uint8_t, kPackTrailerBytes> trailer{};
  storeLe32(trailer.data(), static_cast<std::uint32_t>(header.size()));
  const std::array<ByteView, 3> parts = {ByteView(pack.buffer).first(pack.used), header, trailer};
  pack.hasher.update(parts[0].subspan(pack.hashed));
  pack.hasher.update(header);
  pack.hasher.update(trailer);
  IndexedPack stored{.id = PackId(pack.hasher.finish()), .blobs = std::move(pack.blobs)};
  repository_.storage().put({storage::FileType::kPack, stored.id.hex()}, parts);
  repository_.impl().index.add(stored);
  const std::lock_guard lock(mutex_);
  unindexed_blobs_ += stored.blobs.size();
  unindexed_.push_back(std::move(stored));
}

// Never throws: a failure is noted. Writes what is unindexed if it holds at least blobs_min blobs, or is a
// fair share of the repository.
void PackWriter::writeIndex(std::size_t blobs_min) {
  const std::lock_guard one_writer(index_mutex_);
  std::vector<IndexedPack> packs;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t packs_min = std::clamp<std::size_t>(
        repository_.impl().index.packCount() / kUnindexedShare, kUnindexedPacksMin, kUnindexedPacksMax);
    if (unindexed_.empty() || (unindexed_blobs_ < blobs_min && unindexed_.size() < packs_min)) return;
    packs = std::exchange(unindexed_, {});
    unindexed_blobs_ = 0;
  }
  try {
    repository_.saveUnpacked(storage::FileType::kIndex, encodeIndex(packs));
  } catch (...) {
    // Before anybody else may write an index: flush() must not take these packs for indexed.
    fail(std::current_exception());
  }
}

void PackWriter::settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return (closing_.empty() && queue_.empty() && storing_ == 0) || failure_; });
  if (failure_) std::rethrow_exception(failure_);
}

void PackWriter::flush() {
  {
    std::unique_lock lock(mutex_);
    closeAll();
    changed_.wait(lock, [this] { return packs_alive_ == 0 || failure_; });
    if (failure_) std::rethrow_exception(failure_);
  }
  writeIndex(0);
  throwIfFailed();  // here, or in an index file that a thread of ours was still writing
}

WriteStats PackWriter::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

std::uint64_t PackWriter::memoryInUse() const {
  const std::lock_guard lock(mutex_);
  return (packs_alive_ + spare_.size()) * options_.pack_size_target;
}

void PackWriter::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  changed_.notify_all();
}

void PackWriter::throwIfFailed() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

std::unique_ptr<BlobWriter> Repository::newWriter(const WriterOptions& options) {
  return std::make_unique<PackWriter>(*this, options);
}

}  // namespace enamel::repository
