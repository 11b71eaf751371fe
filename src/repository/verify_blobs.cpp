#include "repository/verify_blobs.h"

#include <algorithm>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/worker_pool.h"
#include "repository/read_runs.h"

namespace enamel::repository {
namespace {

// What is wrong with one blob or its pack; anything else would be wrong with the next one, too.
bool isDamage(const Error& e) {
  return e.code() == ErrorCode::kCorrupt || e.code() == ErrorCode::kNotFound ||
         e.code() == ErrorCode::kLimit || e.code() == ErrorCode::kIo;
}

struct Wanted {
  BlobId id;
  std::uint32_t pack;  // number, in the order in which the packs are first needed
  std::uint32_t offset, stored_bytes, plaintext_bytes;
  bool compressed;
};

class BlobVerifier {
 public:
  BlobVerifier(const Repository& repository,
               const std::function<void(const BlobId&, const std::string&)>& on_damaged, Progress& progress,
               const CancelToken& cancel)
      : repository_(repository), on_damaged_(on_damaged), progress_(progress), cancel_(cancel) {}

  void run(const std::vector<BlobId>& ids, std::size_t threads) {
    locate(ids);
    const std::vector<ReadRun> runs = makeRuns();
    for (const ReadRun& run : runs) progress_.bytes_total += run.end - run.begin;
    parallelFor(runs.size(), threads != 0 ? threads : cpuCount(), Priority::kNormal, [&](std::size_t i) {
      cancel_.check();
      read(runs[i]);
      progress_.bytes_done += runs[i].end - runs[i].begin;
    });
  }

 private:
  void locate(const std::vector<BlobId>& ids) {
    std::unordered_map<PackId, std::uint32_t> numbers;
    wanted_.reserve(ids.size());
    for (const BlobId& id : ids) {
      const auto at = repository_.locate(BlobType::kData, id);
      if (!at) {
        on_damaged_(id, "blob " + id.shortHex() + " is in no index");
        continue;
      }
      const auto [number, fresh] = numbers.try_emplace(at->pack, static_cast<std::uint32_t>(packs_.size()));
      if (fresh) packs_.push_back(at->pack);
      wanted_.push_back({.id = id,
                         .pack = number->second,
                         .offset = at->offset,
                         .stored_bytes = at->stored_bytes,
                         .plaintext_bytes = at->plaintext_bytes,
                         .compressed = at->compressed});
    }
    std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) {
      return std::tie(a.pack, a.offset, a.id) < std::tie(b.pack, b.offset, b.id);
    });
    const auto same = [](const Wanted& a, const Wanted& b) { return a.id == b.id; };
    wanted_.erase(std::unique(wanted_.begin(), wanted_.end(), same), wanted_.end());
  }

  std::vector<ReadRun> makeRuns() const {
    return joinReadRuns(wanted_.size(), [&](std::size_t i) {
      const Wanted& blob = wanted_[i];
      return BlobSpan{blob.pack, blob.offset, std::uint64_t{blob.offset} + blob.stored_bytes};
    });
  }

  BlobLocation locationOf(const Wanted& blob) const {
    return {.pack = packs_[blob.pack],
            .offset = blob.offset,
            .stored_bytes = blob.stored_bytes,
            .plaintext_bytes = blob.plaintext_bytes,
            .compressed = blob.compressed};
  }

  void damaged(const BlobId& id, const std::string& why) {
    const std::lock_guard lock(mutex_);
    on_damaged_(id, why);
  }

  void read(const ReadRun& run) {
    const storage::FileHandle pack{storage::FileType::kPack, packs_[wanted_[run.first].pack].hex()};
    Bytes bytes;
    try {
      storage::requireRange(repository_.storage(), pack, run.begin, run.end - run.begin);
      bytes.resize(run.end - run.begin);
      repository_.storage().getRange(pack, run.begin, bytes);
    } catch (const Error& e) {
      if (!isDamage(e)) throw;
      return readOneByOne(run);
    }
    std::vector<StoredBlob> stored;
    for (std::size_t i = run.first; i < run.last; ++i) {
      stored.push_back(
          {.id = wanted_[i].id,
           .location = locationOf(wanted_[i]),
           .stored = ByteView(bytes).subspan(wanted_[i].offset - run.begin, wanted_[i].stored_bytes)});
    }
    repository_.openBlobs(
        stored,
        [&](std::size_t n, ByteView content) { compareLength(wanted_[run.first + n], content.size()); },
        [&](std::size_t n, const Error&) { readAlone(wanted_[run.first + n]); });
  }

  // From wherever it is whole: a blob may lie in several packs.
  void readAlone(const Wanted& blob) {
    try {
      compareLength(blob, repository_.loadBlob(BlobType::kData, blob.id).size());
    } catch (const Error& e) {
      if (!isDamage(e)) throw;
      damaged(blob.id, e.what());
    }
  }

  // Where a run cannot be read: what can be is not called damaged.
  void readOneByOne(const ReadRun& run) {
    for (std::size_t i = run.first; i < run.last; ++i) {
      cancel_.check();
      readAlone(wanted_[i]);
    }
  }

  void compareLength(const Wanted& blob, std::size_t bytes) {
    if (bytes == blob.plaintext_bytes) return;
    damaged(blob.id, "blob " + blob.id.shortHex() + " has " + std::to_string(bytes) +
                         " bytes, the index says " + std::to_string(blob.plaintext_bytes));
  }

  const Repository& repository_;
  const std::function<void(const BlobId&, const std::string&)>& on_damaged_;
  Progress& progress_;
  const CancelToken& cancel_;
  std::vector<PackId> packs_;
  std::vector<Wanted> wanted_;  // as they lie in the packs
  std::mutex mutex_;            // one call of on_damaged_ at a time
};

}  // namespace

void verifyBlobs(const Repository& repository, const std::vector<BlobId>& ids, std::size_t threads,
                 const std::function<void(const BlobId&, const std::string&)>& on_damaged, Progress& progress,
                 const CancelToken& cancel) {
  BlobVerifier(repository, on_damaged, progress, cancel).run(ids, threads);
}

}  // namespace enamel::repository
