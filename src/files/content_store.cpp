#include "files/content_store.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <deque>
#include <thread>
#include <utility>

#include "base/error.h"
#include "files/content_look.h"
#include "files/stat_node.h"

namespace enamel::files {

using repository::BlobId;
using repository::BlobType;

namespace {

// Time stamps of files move in ticks of the kernel's, at most this long.
constexpr std::int64_t kTickNs = 10'000'000;

// Fills buffer from fd; less than its size only at the end of the file.
std::size_t readSome(int fd, MutableByteView buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t n = ::read(fd, buffer.data() + done, buffer.size() - done);
    if (n < 0) {
      if (errno == EINTR) continue;
      throw FileReadError(errno);
    }
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

struct stat statOf(int fd) {
  struct stat st {};
  if (fstat(fd, &st) != 0) throw FileReadError(errno);
  return st;
}

// A file changed within the current tick could change again after it was read and keep its times: the next
// backup would take it for unchanged. Reading after the tick rules that out.
void waitForNextTick(const struct stat& st) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);  // the clock that stamps files
  const std::int64_t age = timestampOf(now).ns - timestampOf(st.st_ctim).ns;
  if (age >= 0 && age < kTickNs) std::this_thread::sleep_for(std::chrono::nanoseconds(kTickNs - age));
}

}  // namespace

bool sameContentStat(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         timestampOf(a.st_mtim) == timestampOf(b.st_mtim) && timestampOf(a.st_ctim) == timestampOf(b.st_ctim);
}

// Buffers of large files, lent out and given back when the last chunk in one is saved.
struct ContentStore::Segments {
  explicit Segments(TaskStack& stack) : tasks(stack) {}

  TaskStack& tasks;  // told when one is given back
  std::mutex mutex;
  std::vector<std::unique_ptr<std::uint8_t[]>> free;  // guarded by mutex
  std::size_t made = 0;                               // guarded by mutex

  bool available() {
    const std::lock_guard lock(mutex);
    return !free.empty() || made < kSegments;
  }

  // nullptr if all are in use.
  static std::shared_ptr<std::uint8_t> take(const std::shared_ptr<Segments>& self) {
    std::unique_ptr<std::uint8_t[]> memory;
    {
      const std::lock_guard lock(self->mutex);
      if (!self->free.empty()) {
        memory = std::move(self->free.back());
        self->free.pop_back();
      } else if (self->made < kSegments) {
        memory.reset(new std::uint8_t[kSegmentBytes]);
        ++self->made;
      } else {
        return nullptr;
      }
    }
    return {memory.release(), [self](std::uint8_t* p) {
              {
                const std::lock_guard lock(self->mutex);
                self->free.emplace_back(p);
              }
              self->tasks.wake();
            }};
  }
};

ContentStore::ContentStore(const chunker::FastCdc& chunker, repository::BlobWriter& writer,
                           RateLimiter& limiter, TaskStack& tasks, std::size_t workers, Progress& progress,
                           const CancelToken& cancel)
    : chunker_(chunker),
      writer_(writer),
      limiter_(limiter),
      tasks_(tasks),
      progress_(progress),
      cancel_(cancel),
      buffers_(workers),
      segments_(std::make_shared<Segments>(tasks)) {
  ENAMEL_CHECK(chunker.options().size_max <= kSmallBytesMax && kSmallBytesMax < kSegmentBytes);
}

ContentStore::~ContentStore() = default;

StoredContent ContentStore::store(int fd, const struct stat& before, std::size_t worker) {
  cancel_.check();
  waitForNextTick(before);
  return static_cast<std::uint64_t>(before.st_size) < kSmallBytesMax ? storeSmall(fd, before, worker)
                                                                     : storeLarge(fd, worker);
}

MutableByteView ContentStore::ownBuffer(std::size_t worker) {
  if (!buffers_[worker]) buffers_[worker].reset(new std::uint8_t[kSmallBytesMax]);
  return {buffers_[worker].get(), kSmallBytesMax};
}

StoredContent ContentStore::storeSmall(int fd, const struct stat& before, std::size_t worker) {
  StoredContent result;
  ByteView data;
  result.before = before;
  for (bool again = true;; again = false) {
    const auto size = static_cast<std::size_t>(result.before.st_size);
    limiter_.take(size, cancel_);
    // One byte more than there should be: a file that grew shows without a second read.
    data = ownBuffer(worker).first(size + 1);
    data = data.first(readSome(fd, ownBuffer(worker).first(size + 1)));
    const struct stat after = statOf(fd);
    if (!S_ISREG(after.st_mode)) throw FileReadError(ESTALE);
    if (data.size() == size && sameContentStat(result.before, after)) break;
    const bool grew = data.size() > size;
    const bool large = static_cast<std::uint64_t>(after.st_size) >= kSmallBytesMax;
    if ((large || again || grew) && lseek(fd, 0, SEEK_SET) != 0) throw FileReadError(errno);
    // What outgrew the buffer, or grows all the time, is not cut off but read to its end.
    if (large || (grew && !again)) return storeLarge(fd, worker);
    if (!again) {
      result.changed = true;
      break;
    }
    // Most often somebody saved the file between the look at it and its opening: then it is whole now.
    result.before = after;
    waitForNextTick(after);
  }
  result.bytes = data.size();
  result.scrambled = looksScrambled(data);
  while (!data.empty()) {
    const ByteView chunk = data.first(chunker_.cut(data, true));
    result.blobs.push_back(writer_.save(BlobType::kData, chunk).id);
    progress_.bytes_done += chunk.size();
    data = data.subspan(chunk.size());
  }
  return result;
}

// The chunks of one large file on their way. Shared by the leaves that save them, so that it outlives a
// reader that gave up.
class ContentStore::LargeFile {
 public:
  BlobId* addChunk() {
    ++outstanding_;
    return &blobs_.emplace_back();
  }
  void chunkDone() { --outstanding_; }
  bool idle() const { return outstanding_ == 0; }
  std::vector<BlobId> blobs() const { return {blobs_.begin(), blobs_.end()}; }

 private:
  std::deque<BlobId> blobs_;  // a deque: leaves write into elements while the reader adds more
  std::atomic<std::size_t> outstanding_{0};
};

StoredContent ContentStore::storeLarge(int fd, std::size_t worker) {
  const auto file = std::make_shared<LargeFile>();
  StoredContent result;
  result.before = statOf(fd);
  if (!S_ISREG(result.before.st_mode)) throw FileReadError(ESTALE);  // replaced by what may have no end
  waitForNextTick(result.before);
  const auto waitForSegment = [&] {
    std::shared_ptr<std::uint8_t> segment;
    while (!(segment = Segments::take(segments_)))
      tasks_.help(worker, [&] { return segments_->available(); });
    return segment;
  };

  std::shared_ptr<std::uint8_t> segment = waitForSegment();
  std::size_t filled = 0, cut_to = 0;
  bool at_end = false;
  while (!at_end) {
    cancel_.check();
    const MutableByteView space{segment.get() + filled, kSegmentBytes - filled};
    const std::size_t n = readSome(fd, space);
    limiter_.take(n, cancel_);
    if (result.bytes == 0) result.scrambled = looksScrambled({segment.get(), n});
    filled += n;
    result.bytes += n;
    at_end = n < space.size();
    while (const std::size_t length = chunker_.cut({segment.get() + cut_to, filled - cut_to}, at_end)) {
      tasks_.pushLeaf([this, file, segment, slot = file->addChunk(),
                       chunk = ByteView(segment.get() + cut_to, length)](std::size_t) {
        *slot = writer_.save(BlobType::kData, chunk).id;
        progress_.bytes_done += chunk.size();
        file->chunkDone();
      });
      cut_to += length;
    }
    if (at_end) break;

    // The rest, shorter than a chunk, goes to the front of another segment; of this one if there is no other
    // and all chunks in it are saved.
    const std::size_t rest = filled - cut_to;
    std::shared_ptr<std::uint8_t> next = Segments::take(segments_);
    if (!next) {
      tasks_.help(worker, [&] { return segments_->available() || file->idle(); });
      next = Segments::take(segments_);
    }
    if (!next) {
      tasks_.help(worker, [&] { return file->idle(); });
      next = segment;
    }
    std::memmove(next.get(), segment.get() + cut_to, rest);
    segment = std::move(next);
    filled = rest;
    cut_to = 0;
  }
  segment.reset();
  tasks_.help(worker, [&] { return file->idle(); });
  result.blobs = file->blobs();
  const struct stat after = statOf(fd);
  result.changed =
      !sameContentStat(result.before, after) || result.bytes != static_cast<std::uint64_t>(after.st_size);
  return result;
}

}  // namespace enamel::files
