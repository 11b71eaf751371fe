#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "hash/sha256.h"
#include "repository/blob_writer.h"
#include "repository/index_file.h"
#include "repository/repository.h"

namespace enamel::repository {

// The BlobWriter of format version 2. One at a time for a Repository.
//
// A blob is sealed straight into its place in an open pack's buffer: no copy, no queue, the data stays in the
// cache of the CPU that read it. Two packs of data blobs are open at a time and each blob goes to a random
// one of them, so that the sizes of a file's chunks, which could identify the file, do not stand side by side
// in a pack.
//
// A pack's name is its hash. Most of it is made piece by piece alongside the hashes of later blobs: a CPU
// does two in little more than the time of one.
class PackWriter final : public BlobWriter {
 public:
  PackWriter(Repository& repository, const WriterOptions& options);
  ~PackWriter() override;

  Saved save(BlobType type, ByteView plaintext) override;
  void settle() override;
  void flush() override;
  WriteStats stats() const override;
  std::uint64_t memoryInUse() const override;

 private:
  struct Pack {
    Bytes buffer;
    std::size_t used = 0;
    std::vector<PackedBlob> blobs;
    std::size_t unsealed = 0;  // places given out and not yet filled
    std::size_t sealed = 0;    // bytes from the start that are filled for certain
    bool closed = false;
    Sha256Hasher hasher;  // of the first `hashed` bytes; used by whoever set `hashing`
    std::size_t hashed = 0;
    bool hashing = false;

    bool busy() const { return unsealed > 0 || hashing; }
  };
  struct Place {
    Pack* pack = nullptr;
    std::size_t offset = 0;
  };

  BlobId hash(ByteView plaintext);
  Pack* takeUnhashed(std::size_t bytes_max, ByteView& bytes);
  Saved store(BlobType type, const BlobId& id, ByteView plaintext);
  std::size_t targetBytes() const;
  Place reserve(const PackedBlob& blob);
  void finish(const Place& place);
  void queueIfReady(Pack& pack);
  std::unique_ptr<Pack> newPack(std::size_t capacity);
  void close(std::unique_ptr<Pack>& pack);
  void closeAll();
  void upload();
  void stop();
  bool outranksUploaders() const;
  void storeNext(std::unique_lock<std::mutex>& lock);
  void storePack(Pack& pack);
  void writeIndex(std::size_t blobs_min);
  void fail(std::exception_ptr failure);
  void throwIfFailed() const;

  static constexpr std::size_t kDataPacks = 2;

  Repository& repository_;
  const WriterOptions options_;
  const std::size_t packs_max_;  // buffers in memory

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_:
  std::unique_ptr<Pack> open_data_[kDataPacks];
  std::unique_ptr<Pack> open_tree_;
  std::vector<std::unique_ptr<Pack>> closing_;  // closed and busy
  std::deque<std::unique_ptr<Pack>> queue_;     // ready to be stored
  std::vector<Bytes> spare_;                    // buffers of stored packs
  std::size_t packs_alive_ = 0;
  std::size_t storing_ = 0;  // of them: being stored right now
  std::vector<IndexedPack> unindexed_;
  std::size_t unindexed_blobs_ = 0;
  std::uint64_t random_state_ = 0;
  WriteStats stats_;
  std::exception_ptr failure_;
  bool stopping_ = false;

  std::mutex index_mutex_;  // held while an index file is written; taken before mutex_
  std::vector<std::thread> uploaders_;
};

}  // namespace enamel::repository
