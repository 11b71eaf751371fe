#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "chunker/fastcdc.h"
#include "files/rate_limiter.h"
#include "files/read_error.h"
#include "files/task_stack.h"
#include "repository/blob_writer.h"

namespace enamel::files {

// What was stored of a file.
struct StoredContent {
  std::vector<repository::BlobId> blobs;
  std::uint64_t bytes = 0;  // of all blobs
  // Of the file right before what is stored was read. Where it changed meanwhile, a node with these times is
  // what makes the next backup read it again; else they are its times afterwards as well.
  struct stat before {};
  bool changed = false;    // while it was read: the content may be of no single moment
  bool scrambled = false;  // looksScrambled()
};

// Reads open files and saves their chunks. Small files are read whole into a buffer of the thread's own and
// saved by it; the chunks of large ones are saved by all threads of the task stack. Memory: kSmallBytesMax a
// thread and kSegments segments in all. Thread-safe for different workers.
class ContentStore {
 public:
  // Files below this are read at once, and once more if they changed meanwhile.
  static constexpr std::size_t kSmallBytesMax = 4U << 20;
  static constexpr std::size_t kSegmentBytes = 6U << 20;
  static constexpr std::size_t kSegments = 3;

  ContentStore(const chunker::FastCdc& chunker, repository::BlobWriter& writer, RateLimiter& limiter,
               TaskStack& tasks, std::size_t workers, Progress& progress, const CancelToken& cancel);
  ~ContentStore();

  // before: what stat said before fd was opened. Throws FileReadError if fd cannot be read, and what the
  // writer throws.
  StoredContent store(int fd, const struct stat& before, std::size_t worker);

 private:
  struct Segments;
  class LargeFile;

  StoredContent storeSmall(int fd, const struct stat& before, std::size_t worker);
  StoredContent storeLarge(int fd, std::size_t worker);
  MutableByteView ownBuffer(std::size_t worker);

  const chunker::FastCdc& chunker_;
  repository::BlobWriter& writer_;
  RateLimiter& limiter_;
  TaskStack& tasks_;
  Progress& progress_;
  const CancelToken& cancel_;
  std::vector<std::unique_ptr<std::uint8_t[]>> buffers_;  // one a worker, made when first needed
  std::shared_ptr<Segments> segments_;
};

// True if stat shows the same file with the same content.
bool sameContentStat(const struct stat& a, const struct stat& b);

}  // namespace enamel::files
