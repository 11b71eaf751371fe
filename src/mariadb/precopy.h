#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "base/worker_pool.h"
#include "files/rate_limiter.h"
#include "mariadb/block_hash.h"
#include "mariadb/captured_file.h"
#include "mariadb/table_files.h"
#include "repository/blob_writer.h"
#include "repository/tree.h"

namespace enamel::mariadb {

using Listing = std::map<std::string, TableFileSet>;

// Reads table files while everybody works, so that little is left to read under the lock. What it reads may
// be torn by writers: nothing counts before it was compared under the lock.
class PreCopy {
 public:
  struct Options {
    std::size_t threads = 0;
    Priority priority = Priority::kIdle;
    bool keep_indexes = false;
    bool trust_times = true;                    // false: file times do not show every change
    std::int64_t time_step_ns = 3'000'000'000;  // changes closer together may show the same time
    // Times the file system gives now, in nanoseconds.
    std::function<std::int64_t()> now_ns;
    // The tables' folder in the parent snapshot, and the time up to which its files' times can be trusted.
    const repository::Tree* parent = nullptr;
    std::function<bool(const repository::BlobId&)> is_stored;  // its content may have been lost since
    std::int64_t parent_instant_ns = 0;
  };
  // All must outlive the object.
  PreCopy(const DatabaseFolder& folder, const BlockHasher& hasher, repository::BlobWriter& writer,
          files::RateLimiter& limiter, Options options, Progress& progress, const CancelToken& cancel);

  // Reads what is new or changed in the tables of listing named by stems; returns the bytes of chunks that
  // were not captured before. A table that cannot be read is named in problems() and left out.
  std::uint64_t pass(const Listing& listing, const std::set<std::string>& stems);

  // Whether the file is captured as it is now.
  bool isCurrent(const TableFile& file) const;
  // An mtime older than this shows every later change.
  bool isSettled(const TableFile& file) const;

  CapturedFiles& files() { return files_; }
  const Options& options() const { return options_; }
  // Stem -> why it cannot be captured.
  const std::map<std::string, std::string>& problems() const { return problems_; }

 private:
  struct Range {
    CapturedFile* file = nullptr;
    const std::string* stem = nullptr;
    std::uint64_t first = 0, count = 0;  // chunks
  };
  bool takeFromParent(const TableFile& file);
  void readHeader(CapturedFile& captured);
  void readRange(const Range& range);
  static std::uint64_t partBytes(const Range& range, std::uint64_t chunk);
  bool renewPart(int fd, std::uint64_t offset, std::uint64_t bytes);
  void begin(const std::string& stem, const TableFile& file, std::vector<Range>& ranges);
  void note(const std::string& stem, const std::string& problem);

  const DatabaseFolder& folder_;
  const BlockHasher& hasher_;
  repository::BlobWriter& writer_;
  files::RateLimiter& limiter_;
  const Options options_;
  Progress& progress_;
  const CancelToken& cancel_;
  CapturedFiles files_;
  std::atomic<std::uint64_t> new_bytes_{0};
  std::atomic<bool> may_renew_{true};  // the disk is fast enough to read files into the cache anew
  std::mutex mutex_;
  std::map<std::string, std::string> problems_;  // guarded by mutex_ during a pass
  std::set<std::string> torn_;                   // the same
};

}  // namespace enamel::mariadb
