#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "mariadb/file_clone.h"
#include "mariadb/kept_blocks.h"
#include "mariadb/precopy.h"

namespace enamel::mariadb {

// Reads, under the lock, what changed since the pre-copy: nothing slower than the page cache is touched.
// Large files are cloned where that can be done, and read later. Afterwards finish() stores it. One object a
// lock.
class LockedRead {
 public:
  // All outlive the object. workers: threads of normal priority that are there already. cloner: null: nothing
  // is cloned.
  LockedRead(const DatabaseFolder& folder, const BlockHasher& hasher, PreCopy& precopy, KeptBlocks& kept,
             WorkerPool& workers, const FileCloner* cloner);

  // More than this to read whole is work for another pre-copy, not for the lock.
  static constexpr std::uint64_t kUnknownBytesMax = 16U << 20;
  // Smaller files are read sooner than cloned.
  static constexpr std::uint64_t kCloneBytesMin = 4U << 20;

  // Reads the changed files of the tables in listing (made under the lock). False, having read nothing: too
  // much of it was never seen before; pre-copy it and come again. force: read it all the same.
  bool read(const Listing& listing, const std::set<std::string>& stems, bool force);

  // After the lock: stores what was kept and completes precopy's files to the instant's state, exactly the
  // files of the listing given to read().
  void finish(repository::BlobWriter& writer, const CancelToken& cancel);

  std::uint64_t filesRead() const { return rereads_.size(); }
  std::uint64_t bytesRead() const { return bytes_read_; }
  const std::map<std::string, std::string>& problems() const { return problems_; }

 private:
  struct Reread {
    std::string stem;
    TableFile file;
    bool header_only = false;
    std::uint64_t bytes = 0;
    std::uint32_t chunk_bytes = 0;
    std::vector<std::uint64_t> known;  // hashes of the pre-copy
    std::optional<MyiHeader> header;
    bool cloning = false;
    Fd clone;
  };
  struct Range {
    std::size_t reread = 0;
    std::uint64_t first = 0, count = 0;
  };
  struct Changed {
    std::size_t reread = 0;
    std::uint64_t chunk = 0;
    std::uint64_t hash = 0;
    KeptBlocks::Slot slot;
  };
  void plan(const Listing& listing, const std::set<std::string>& stems);
  void addRanges(std::size_t reread, std::vector<Range>& ranges) const;
  void makeClones();
  void storeClones(const std::vector<CapturedFile*>& targets, repository::BlobWriter& writer,
                   const CancelToken& cancel);
  void storeKept(const std::vector<CapturedFile*>& targets, repository::BlobWriter& writer,
                 const CancelToken& cancel);
  void readRange(const Range& range, Bytes& buffer, std::vector<Changed>& changed);
  void readHeader(Reread& reread, std::size_t index, std::vector<Changed>& changed);

  const DatabaseFolder& folder_;
  const BlockHasher& hasher_;
  PreCopy& precopy_;
  KeptBlocks& kept_;
  WorkerPool& workers_;
  const FileCloner* cloner_;
  std::vector<Reread> rereads_;
  std::vector<Range> ranges_;
  std::vector<Changed> changed_;
  std::set<std::string> present_;
  std::uint64_t unknown_bytes_ = 0;
  std::atomic<std::uint64_t> bytes_read_{0};
  std::mutex mutex_;
  std::map<std::string, std::string> problems_;  // guarded by mutex_ while reading
};

}  // namespace enamel::mariadb
