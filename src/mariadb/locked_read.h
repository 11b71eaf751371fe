#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/worker_pool.h"
#include "mariadb/file_clone.h"
#include "mariadb/kept_blocks.h"
#include "mariadb/precopy.h"

namespace enamel::mariadb {

// How long the reading under the lock may take, by its own speed so far.
struct LockedReadPace {
  double seconds_max = 30;
  // Which tables slow() names once that is too long: so many that the others take half of it, or all.
  bool give_up_all = false;
  std::function<double()> now_s = monotonicSeconds;
};

// Reads, under the lock, what changed since the pre-copy. Mostly that comes from the page cache in a moment;
// from a network or a slow disk it may not, and then it ends early rather than let everybody wait (see read).
// Large files are cloned where that can be done, and read later. Afterwards finish() stores it. One object a
// lock.
class LockedRead {
 public:
  // All outlive the object. workers: threads of normal priority that are there already. cloner: null: nothing
  // is cloned.
  LockedRead(const DatabaseFolder& folder, const BlockHasher& hasher, PreCopy& precopy, KeptBlocks& kept,
             WorkerPool& workers, const FileCloner* cloner, LockedReadPace pace = {});

  // More than this to read whole is work for another pre-copy, not for the lock.
  static constexpr std::uint64_t kUnknownBytesMax = 16U << 20;
  // Smaller files are read sooner than cloned.
  static constexpr std::uint64_t kCloneBytesMin = 4U << 20;

  enum class Outcome {
    kRead,
    kMuchNew,  // nothing was read: too much was never seen before; pre-copy it and come again
    kSlow,     // given up: it would take longer than it may; come again without the tables in slow()
  };
  // Reads the changed files of the tables in listing (made under the lock). force: however much is new.
  Outcome read(const Listing& listing, const std::set<std::string>& stems, bool force);
  // After kSlow, by stem: the tables with the most to read (see LockedReadPace) and why they cannot be
  // captured.
  const std::map<std::string, std::string>& slow() const { return slow_; }

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
  std::uint64_t rangeBytes(const Range& range) const;
  bool isSlow();
  void findSlow();
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
  const LockedReadPace pace_;
  std::vector<Reread> rereads_;
  std::vector<Range> ranges_;
  std::vector<Changed> changed_;
  std::set<std::string> present_;
  std::uint64_t unknown_bytes_ = 0;
  std::atomic<std::uint64_t> bytes_read_{0};
  double begin_s_ = 0;
  std::uint64_t bytes_to_read_ = 0;
  std::atomic<std::uint64_t> bytes_behind_{0};  // of those: read, or found to be unreadable
  std::atomic<bool> is_slow_{false};
  std::map<std::string, std::string> slow_;
  std::mutex mutex_;
  std::map<std::string, std::string> problems_;  // guarded by mutex_ while reading
  double slow_after_s_ = 0;                      // the same
};

}  // namespace enamel::mariadb
