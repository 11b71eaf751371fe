#include "repository/check.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "repository/pack_reader.h"
#include "repository/repository_impl.h"

namespace enamel::repository {

using storage::FileHandle;
using storage::FileType;

namespace {

class Checker {
 public:
  Checker(Repository& repository, const CheckOptions& options, Progress& progress, const CancelToken& cancel)
      : repository_(repository),
        threads_(options.threads != 0 ? options.threads : cpuCount()),
        progress_(progress),
        cancel_(cancel) {}

  CheckResult run(bool read_data) {
    checkKeys();
    // Before the index: what a backup that ends meanwhile adds is in the index by then, or not looked at.
    listSnapshots();
    checkIndexFiles();
    checkPacks();
    checkSnapshots();
    if (read_data) readPacks();
    std::sort(result_.errors.begin(), result_.errors.end());
    std::sort(result_.warnings.begin(), result_.warnings.end());
    return std::move(result_);
  }

 private:
  void error(const std::string& text) {
    const std::lock_guard lock(mutex_);
    result_.errors.push_back(text);
  }
  void warning(const std::string& text) {
    const std::lock_guard lock(mutex_);
    result_.warnings.push_back(text);
  }

  // Reading past the page cache waits for the disk, and a thread whose read is done waits for a CPU before it
  // asks for more: few CPUs need some more threads to keep a fast disk busy (2 CPUs, 1.6 GB: 2.4 s with 4
  // threads, 1.9 s with 8). Each takes some 12 MiB.
  std::size_t readingThreads() const { return std::max(threads_, std::min<std::size_t>(4 * threads_, 8)); }

  // Calls body(i) in parallel; an Error becomes an entry of the result, except cancellation.
  void forEach(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& body) {
    parallelFor(count, threads, Priority::kNormal, [&](std::size_t i) {
      cancel_.check();
      try {
        body(i);
      } catch (const Error& e) {
        if (e.code() == ErrorCode::kCancelled) throw;
        error(e.what());
      }
    });
  }

  void checkKeys() {
    progress_.setPhase("checking keys");
    for (const auto& info : repository_.storage().list(FileType::kKey)) {
      const FileHandle file{FileType::kKey, info.name};
      try {
        if (Sha256::of(repository_.storage().get(file, kKeyBytesMax)).hex() != info.name) {
          error(file.describe() +
                " is damaged: its bytes do not fit its name; the password it belongs to opens nothing");
        }
      } catch (const Error& e) {
        if (e.code() != ErrorCode::kNotFound) error(e.what());  // removed since it was listed
      }
    }
  }

  // Into an index of the checker's own: a damaged file costs an entry, not the whole check.
  void checkIndexFiles() {
    progress_.setPhase("checking the index");
    const auto files = repository_.storage().list(FileType::kIndex);
    forEach(files.size(), threads_, [&](std::size_t i) {
      const auto name = *Sha256::parse(files[i].name);
      for (const IndexedPack& pack :
           decodeIndex(repository_.loadUnpacked(FileType::kIndex, name), "index " + name.shortHex())) {
        const std::lock_guard lock(mutex_);
        auto [it, is_new] = packs_.try_emplace(pack.id, pack);
        if (!is_new && it->second.blobs != pack.blobs) mergeBlobs(it->second.blobs, pack.blobs);
      }
    });
    for (const auto& [id, pack] : packs_) {
      for (const PackedBlob& blob : pack.blobs)
        blobs_[blob.type == BlobType::kTree].emplace(blob.id, blob.plaintextBytes());
      result_.blobs += pack.blobs.size();
      repository_.impl().index.add(pack);  // trees are loaded through it
    }
    result_.packs = packs_.size();
  }

  // Two index files may hold the same pack; entries that contradict each other are all kept and show later.
  static void mergeBlobs(std::vector<PackedBlob>& into, const std::vector<PackedBlob>& more) {
    into.insert(into.end(), more.begin(), more.end());
    std::sort(into.begin(), into.end(), [](const PackedBlob& a, const PackedBlob& b) {
      return std::tie(a.offset, a.id, a.type, a.stored_bytes, a.uncompressed_bytes) <
             std::tie(b.offset, b.id, b.type, b.stored_bytes, b.uncompressed_bytes);
    });
    into.erase(std::unique(into.begin(), into.end()), into.end());
  }

  void checkPacks() {
    progress_.setPhase("checking packs");
    std::unordered_map<Sha256, std::uint64_t> present;
    for (const auto& info : repository_.storage().list(FileType::kPack))
      present.emplace(*Sha256::parse(info.name), info.size);
    for (const auto& [id, pack] : packs_) {
      const auto it = present.find(id);
      if (it == present.end()) {
        error("pack " + id.hex() + " is missing: " + std::to_string(pack.blobs.size()) + " blobs are lost");
        continue;
      }
      if (it->second != packFileBytes(pack.blobs)) {
        error("pack " + id.hex() + " has " + std::to_string(it->second) + " bytes, the index says " +
              std::to_string(packFileBytes(pack.blobs)));
      }
      present.erase(it);
    }
    for (const auto& [id, size] : present) {
      warning("pack " + id.hex() + " is in no index: left by an interrupted backup, it takes " +
              formatSize(size) + " and does no harm");
    }
  }

  void listSnapshots() {
    std::vector<std::string> damaged;
    snapshots_ = repository_.listSnapshots(&damaged);
    for (const std::string& text : damaged) error(text);
    result_.snapshots = snapshots_.size();
  }

  void checkSnapshots() {
    progress_.setPhase("checking snapshots");
    std::vector<BlobId> level;
    for (const Snapshot& snapshot : snapshots_) {
      if (seen_.insert(snapshot.tree).second) level.push_back(snapshot.tree);
    }
    // Breadth first: each tree once, however many snapshots share it.
    while (!level.empty()) {
      std::vector<BlobId> next;
      forEach(level.size(), readingThreads(), [&](std::size_t i) { checkTree(level[i], next); });
      result_.trees += level.size();
      progress_.files_done = result_.trees;
      level = std::move(next);
    }
  }

  void checkTree(const BlobId& id, std::vector<BlobId>& next) {
    const Tree tree = repository_.loadTree(id);
    const std::string where = "tree " + id.shortHex() + ": ";
    for (const Node& node : tree.nodes) {
      std::uint64_t size = 0;
      bool complete = true;
      for (const BlobId& blob : node.content) {
        const auto it = blobs_[0].find(blob);
        if (it == blobs_[0].end()) {
          error(where + "the file " + node.name + " needs blob " + blob.hex() + ", which is in no index");
          complete = false;
        } else {
          size += it->second;
        }
      }
      if (complete && node.type == NodeType::kFile && size != node.size) {
        error(where + "the file " + node.name + " should have " + std::to_string(node.size) +
              " bytes, its blobs have " + std::to_string(size));
      }
      if (node.subtree) {
        const std::lock_guard lock(mutex_);
        if (seen_.insert(*node.subtree).second) next.push_back(*node.subtree);
      }
    }
  }

  void readPacks() {
    progress_.setPhase("reading packs");
    std::vector<const IndexedPack*> list;
    std::uint64_t total = 0;
    for (auto& [id, pack] : packs_) {
      std::sort(pack.blobs.begin(), pack.blobs.end(),
                [](const PackedBlob& a, const PackedBlob& b) { return a.offset < b.offset; });
      list.push_back(&pack);
      total += packFileBytes(pack.blobs);
    }
    progress_.bytes_total = total;
    std::atomic<std::uint64_t> read{0};
    forEach(list.size(), readingThreads(), [&](std::size_t i) {
      const std::uint64_t bytes =
          verifyPack(repository_, *list[i], [this](const std::string& text) { error(text); });
      read += bytes;
      progress_.bytes_done += bytes;
    });
    result_.bytes_read = read;
  }

  Repository& repository_;
  const std::size_t threads_;
  Progress& progress_;
  const CancelToken& cancel_;
  std::vector<Snapshot> snapshots_;
  std::mutex mutex_;
  CheckResult result_;                                  // guarded by mutex_
  std::map<PackId, IndexedPack> packs_;                 // guarded by mutex_ while index files are read
  std::unordered_map<BlobId, std::uint32_t> blobs_[2];  // data, tree: plaintext bytes
  std::unordered_set<BlobId> seen_;                     // guarded by mutex_
};

}  // namespace

CheckResult check(Repository& repository, const CheckOptions& options, Progress& progress,
                  const CancelToken& cancel) {
  return Checker(repository, options, progress, cancel).run(options.read_data);
}

}  // namespace enamel::repository
