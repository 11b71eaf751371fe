#include "repository/check.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "repository/pack_reader.h"
#include "repository/repository_impl.h"
#include "repository/tree_walk.h"

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
    nameUnindexedPacks();
    if (read_data) readPacks();
    advise();
    // One missing pack may be the cause of many of them.
    for (std::vector<std::string>* texts : {&result_.errors, &result_.warnings}) {
      std::sort(texts->begin(), texts->end());
      texts->erase(std::unique(texts->begin(), texts->end()), texts->end());
    }
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
                " is damaged: its bytes do not fit its name; the password it belongs to may open nothing");
          damaged_keys_ = true;
        }
      } catch (const Error& e) {
        if (e.code() == ErrorCode::kNotFound) continue;  // removed since it was listed
        error(e.what());
        damaged_keys_ = true;
      }
    }
  }

  // Into an index of the checker's own: a damaged file costs an entry, not the whole check.
  void checkIndexFiles() {
    progress_.setPhase("checking the index");
    const auto files = repository_.storage().list(FileType::kIndex);
    forEach(files.size(), threads_, [&](std::size_t i) {
      const auto name = *Sha256::parse(files[i].name);
      std::vector<IndexedPack> packs;
      try {
        packs = decodeIndex(repository_.loadUnpacked(FileType::kIndex, name),
                            FileHandle{FileType::kIndex, files[i].name}.describe());
      } catch (const Error& e) {
        if (e.code() == ErrorCode::kNotFound) return;  // replaced by a newer one since it was listed
        if (e.code() == ErrorCode::kCorrupt) damaged_index_ = true;
        throw;
      }
      for (const IndexedPack& pack : packs) {
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
    present_ = listPacks(repository_.storage());
    for (const auto& [id, pack] : packs_) {
      const auto it = present_.find(id);
      if (it == present_.end()) {
        error("pack " + id.hex() + " is missing: " + lossOf(pack));
        ++missing_packs_;
      } else if (it->second != packFileBytes(pack.blobs)) {
        error("pack " + id.hex() + " has " + std::to_string(it->second) + " bytes, the index says " +
              std::to_string(packFileBytes(pack.blobs)));
        damaged_packs_ = true;
      }
    }
  }

  // What the repository no longer has with this pack.
  std::string lossOf(const IndexedPack& pack) {
    std::size_t lost = 0;
    for (const PackedBlob& blob : pack.blobs) {
      const auto places = repository_.impl().index.places(blob.type, blob.id);
      if (std::none_of(places.begin(), places.end(),
                       [&](const auto& at) { return present_.contains(at.pack); }))
        ++lost;
    }
    const auto blobs = [](std::size_t count, const char* singular, const char* plural) {
      return std::to_string(count) + (count == 1 ? " blob " : " blobs ") + (count == 1 ? singular : plural);
    };
    if (lost == 0)
      return blobs(pack.blobs.size(), "of it is", "of it are") + " in other packs, too: nothing is lost";
    lost_blobs_ = true;
    return blobs(lost, "is", "are") + " lost";
  }

  // Whether they are mere leftovers shows only once it is known that nothing is missed.
  void nameUnindexedPacks() {
    const bool missed = damaged_index_ || needs_unindexed_;
    for (const auto& [id, size] : present_) {
      if (packs_.contains(id)) continue;
      has_unindexed_ = true;
      warning("pack " + id.hex() + " is in no index: " +
              (missed ? "it may hold what the damaged or missing index file named (" + formatSize(size) + ")"
                      : "left by an interrupted backup, it takes " + formatSize(size) + " and does no harm"));
    }
  }

  // The right next command for each kind of damage.
  void advise() {
    const auto add = [&](const std::string& text) { result_.advice.push_back(text); };
    const std::string restic = "`restic -r " + repository_.storage().location() + " ";
    const std::string index_anew =
        restic + "repair index` (restic before 0.16, as in Debian 12: " + restic + "rebuild-index`)";
    if (damaged_keys_)
      add("damaged key: bring its file back from a copy of the repository (keys/), or add its password again "
          "with `enamel key add` and remove the file");
    if (damaged_snapshots_)
      add("damaged snapshot: bring its file back from a copy of the repository (snapshots/), or move it out "
          "of there; other snapshots do not need it");
    if (damaged_index_ || (needs_unindexed_ && has_unindexed_)) {
      add("damaged or missing index file: the packs hold all it said; " + index_anew +
          " reads them and makes the index anew; then check again");
    } else if (needs_unindexed_) {
      add("missing blobs: bring the packs and index files that are missing back from a copy of the "
          "repository");
    }
    if (lost_blobs_)
      add("missing pack: bring it back from a copy of the repository (data/). Without one, `enamel backup` "
          "stores again what is still there where it came from; what only earlier snapshots held is lost");
    if (damaged_packs_)
      add("damaged pack: bring it back from a copy of the repository (data/). Without one, move it out of "
          "data/ and keep it; `enamel backup` then stores again what is still there where it came from");
    if (missing_packs_ != 0)
      add("once no copy of a missing pack is left to be found: " + index_anew +
          " makes the index forget it; until then stock restic may not restore what Enamel does");
  }

  void listSnapshots() {
    std::vector<std::string> damaged;
    snapshots_ = repository_.listSnapshots(&damaged);
    for (const std::string& text : damaged) error(text);
    damaged_snapshots_ = !damaged.empty();
    result_.snapshots = snapshots_.size();
  }

  void checkSnapshots() {
    progress_.setPhase("checking snapshots");
    if (snapshots_.empty() && !packs_.empty())
      warning("there is no snapshot, though " + std::to_string(packs_.size()) +
              " packs hold data: if there were backups, their files in snapshots/ are lost");
    std::vector<BlobId> roots;
    for (const Snapshot& snapshot : snapshots_) roots.push_back(snapshot.tree);
    result_.trees = walkTrees(
        roots, [&](const BlobId& id) { return loadTree(id); },
        [&](const BlobId& id, const Tree& tree) { checkTree(id, tree); }, readingThreads(), cancel_);
  }

  std::optional<Tree> loadTree(const BlobId& id) {
    ++progress_.files_done;
    try {
      return repository_.loadTree(id);
    } catch (const Error& e) {
      const auto places = repository_.impl().index.places(BlobType::kTree, id);
      if (places.empty()) needs_unindexed_ = true;
      if (std::any_of(places.begin(), places.end(),
                      [&](const auto& at) { return present_.contains(at.pack); }))
        damaged_packs_ = true;
      if (e.code() == ErrorCode::kCancelled) throw;
      error(e.what());
      return std::nullopt;
    }
  }

  void checkTree(const BlobId& id, const Tree& tree) {
    const std::string where = "tree " + id.shortHex() + ": ";
    for (const Node& node : tree.nodes) {
      std::uint64_t size = 0;
      bool complete = true;
      for (const BlobId& blob : node.content) {
        const auto it = blobs_[0].find(blob);
        if (it == blobs_[0].end()) {
          error(where + "the file " + node.name + " needs blob " + blob.hex() + ", which is in no index");
          needs_unindexed_ = true;
          complete = false;
        } else {
          size += it->second;
        }
      }
      if (complete && node.type == NodeType::kFile && size != node.size) {
        error(where + "the file " + node.name + " should have " + std::to_string(node.size) +
              " bytes, its blobs have " + std::to_string(size));
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
          verifyPack(repository_, *list[i], [this, &pack = *list[i]](const std::string& text) {
            error(text);
            if (present_.contains(pack.id)) damaged_packs_ = true;
          });
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
  std::unordered_map<PackId, std::uint64_t> present_;   // packs that are there, and their sizes
  // Kinds of damage found, for advise().
  bool damaged_keys_ = false, damaged_snapshots_ = false, lost_blobs_ = false, has_unindexed_ = false;
  std::size_t missing_packs_ = 0;
  std::atomic<bool> damaged_index_ = false;    // a file of it
  std::atomic<bool> needs_unindexed_ = false;  // a snapshot needs what is in no index
  std::atomic<bool> damaged_packs_ = false;
};

}  // namespace

CheckResult check(Repository& repository, const CheckOptions& options, Progress& progress,
                  const CancelToken& cancel) {
  return Checker(repository, options, progress, cancel).run(options.read_data);
}

}  // namespace enamel::repository
