#include "repository/prune.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/worker_pool.h"
#include "repository/read_runs.h"
#include "repository/repository_impl.h"
#include "repository/tree_walk.h"

namespace enamel::repository {
namespace {

using storage::FileHandle;
using storage::FileType;

constexpr const char* kSeeCheck = "`enamel check` names all that is damaged and what to do about it";

// About as many as a backup puts into an index file.
constexpr std::size_t kBlobsPerIndexFile = 50'000;

// What becomes of a pack that the index names.
enum class Fate : std::uint8_t { kKeep, kRewrite, kRemove, kForget };  // kForget: it is not there

struct Plan {
  IndexedPack pack;
  std::uint64_t file_bytes = 0;
  std::uint64_t blob_bytes = 0, used_bytes = 0;  // stored; the rest of the file is its header
  Fate fate = Fate::kKeep;

  std::uint64_t unusedBytes() const { return blob_bytes - used_bytes; }
  double unusedPart() const { return static_cast<double>(unusedBytes()) / static_cast<double>(blob_bytes); }
};

class Pruner {
 public:
  Pruner(Repository& repository, RepositoryLock& lock, const PruneOptions& options, Progress& progress,
         const CancelToken& cancel)
      : repository_(repository),
        lock_(lock),
        options_(options),
        threads_(options.threads != 0 ? options.threads : cpuCount()),
        progress_(progress),
        cancel_(cancel) {}

  PruneResult run() {
    if (repository_.config().version < 2)
      throw Error(ErrorCode::kUnsupported, "Enamel does not prune repositories of format version 1",
                  "use `restic prune`, or `restic migrate upgrade_repo_v2` first");
    try {
      look();
      planPacks();
      if (options_.dry_run) return std::move(result_);
      rewrite();
      writeIndex();
      verify();
    } catch (Error& e) {
      if (e.code() == ErrorCode::kCorrupt) e.addHint(kSeeCheck);
      if (e.code() != ErrorCode::kCancelled) e.addContext("nothing was pruned");
      throw;
    }
    remove();
    return std::move(result_);
  }

 private:
  using UsedBlobs = std::unordered_set<BlobId>;
  UsedBlobs& used(BlobType type) { return used_[type == BlobType::kTree ? 1 : 0]; }

  void look() {
    progress_.setPhase("reading the index");
    for (const auto& info : repository_.storage().list(FileType::kPack))
      present_.emplace(PackId(*Sha256::parse(info.name)), info.size);
    repository_.loadIndex(cancel_);
    progress_.setPhase("finding what snapshots need");
    std::vector<BlobId> roots;
    for (const Snapshot& snapshot : repository_.listSnapshots()) {
      if (options_.without.contains(snapshot.id)) continue;
      roots.push_back(snapshot.tree);
      ++result_.snapshots;
    }
    walkTrees(
        roots, [&](const BlobId& id) { return repository_.loadTree(id); },
        [&](const BlobId& id, const Tree& tree) {
          ++progress_.files_done;
          const std::lock_guard lock(mutex_);
          used(BlobType::kTree).insert(id);
          for (const Node& node : tree.nodes)
            used(BlobType::kData).insert(node.content.begin(), node.content.end());
        },
        threads_, cancel_);
    for (const auto& [id, bytes] : present_) result_.bytes_before += bytes;
  }

  // Each needed blob stays in one pack: the first that is there. Of the others it is unused.
  void planPacks() {
    progress_.setPhase("choosing packs");
    UsedBlobs placed[2];
    for (IndexedPack& indexed : repository_.impl().index.packs()) {
      Plan plan;
      const auto file = present_.find(indexed.id);
      const bool is_whole = file != present_.end() && file->second >= packBytesMin(indexed.blobs);
      if (file != present_.end()) plan.file_bytes = file->second;
      for (const PackedBlob& blob : indexed.blobs) {
        const std::size_t kind = blob.type == BlobType::kTree ? 1 : 0;
        plan.blob_bytes += blob.stored_bytes;
        if (!is_whole || !used_[kind].contains(blob.id) || !placed[kind].insert(blob.id).second) continue;
        plan.used_bytes += blob.stored_bytes;
      }
      if (file == present_.end()) {
        plan.fate = Fate::kForget;
      } else if (plan.used_bytes == 0) {
        plan.fate = Fate::kRemove;
      }
      plan.pack = std::move(indexed);
      plans_.push_back(std::move(plan));
    }
    for (const BlobType type : {BlobType::kData, BlobType::kTree}) {
      const std::size_t missing = used(type).size() - placed[type == BlobType::kTree ? 1 : 0].size();
      if (missing != 0)
        throw Error(ErrorCode::kCorrupt, std::to_string(missing) +
                                             (type == BlobType::kTree ? " trees" : " blobs") +
                                             " that snapshots need are missing from the repository");
    }
    chooseRewrites();
    findUnindexed();
    summarise();
  }

  void chooseRewrites() {
    std::vector<Plan*> wasteful;
    std::uint64_t unused = 0, needed = 0;
    for (Plan& plan : plans_) {
      if (plan.fate != Fate::kKeep) continue;
      needed += plan.used_bytes;
      if (plan.unusedBytes() == 0) continue;
      unused += plan.unusedBytes();
      wasteful.push_back(&plan);
    }
    std::sort(wasteful.begin(), wasteful.end(), [](const Plan* a, const Plan* b) {
      return std::tuple(b->unusedPart(), a->pack.id) < std::tuple(a->unusedPart(), b->pack.id);
    });
    const double unused_max = options_.unused_fraction_max * static_cast<double>(needed);
    for (Plan* plan : wasteful) {
      if (static_cast<double>(unused) <= unused_max) break;
      unused -= plan->unusedBytes();
      plan->fate = Fate::kRewrite;
    }
    result_.bytes_unused = unused;
  }

  void findUnindexed() {
    std::unordered_set<PackId> indexed;
    for (const Plan& plan : plans_) indexed.insert(plan.pack.id);
    for (const auto& [id, bytes] : present_) {
      if (indexed.contains(id)) continue;
      unindexed_.push_back(id);
      ++result_.packs_unindexed;
      result_.bytes_unindexed += bytes;
    }
  }

  void summarise() {
    for (const Plan& plan : plans_) {
      switch (plan.fate) {
        case Fate::kKeep:
          ++result_.packs_kept;
          break;
        case Fate::kRewrite:
          ++result_.packs_rewritten;
          result_.bytes_rewritten += plan.used_bytes;
          result_.bytes_freed += plan.unusedBytes();
          break;
        case Fate::kRemove:
          ++result_.packs_removed;
          result_.bytes_removed += plan.file_bytes;
          result_.bytes_freed += plan.file_bytes;
          break;
        case Fate::kForget:
          result_.warnings.push_back("pack " + plan.pack.id.hex() +
                                     " is missing; nothing needs it any more, so the index forgets it");
          break;
      }
    }
    result_.bytes_freed += result_.bytes_unindexed;
    progress_.bytes_total = result_.bytes_rewritten;
  }

  // Forgotten by the index in memory, the blobs of packs that go are stored again by an ordinary writer.
  void rewrite() {
    std::unordered_set<PackId> going;
    std::vector<const Plan*> rewritten;
    for (const Plan& plan : plans_) {
      if (plan.fate != Fate::kKeep) going.insert(plan.pack.id);
      if (plan.fate == Fate::kRewrite) rewritten.push_back(&plan);
    }
    // Index files of the writer's own are none of the old ones.
    for (const auto& info : repository_.storage().list(FileType::kIndex)) old_index_.push_back(info.name);
    if (rewritten.empty()) return;
    progress_.setPhase("moving what is needed");
    repository_.impl().index.dropPacks([&](const PackId& id, std::uint64_t) { return !going.contains(id); });
    const auto writer = repository_.newWriter();
    parallelFor(rewritten.size(), threads_, Priority::kNormal,
                [&](std::size_t i) { copyNeeded(rewritten[i]->pack, *writer); });
    writer->flush();
  }

  void copyNeeded(const IndexedPack& pack, BlobWriter& writer) {
    std::vector<const PackedBlob*> needed;
    for (const PackedBlob& blob : pack.blobs)
      if (used(blob.type).contains(blob.id)) needed.push_back(&blob);
    const auto runs = joinReadRuns(needed.size(), [&](std::size_t i) {
      return BlobSpan{0, needed[i]->offset, std::uint64_t{needed[i]->offset} + needed[i]->stored_bytes};
    });
    const FileHandle file{FileType::kPack, pack.id.hex()};
    Bytes bytes;
    for (const ReadRun& run : runs) {
      cancel_.check();
      storage::requireRange(repository_.storage(), file, run.begin, run.end - run.begin);
      bytes.resize(run.end - run.begin);
      repository_.storage().getRange(file, run.begin, bytes);
      for (std::size_t i = run.first; i < run.last; ++i) {
        const PackedBlob& blob = *needed[i];
        const BlobLocation at{.pack = pack.id,
                              .offset = blob.offset,
                              .stored_bytes = blob.stored_bytes,
                              .plaintext_bytes = blob.plaintextBytes(),
                              .compressed = blob.uncompressed_bytes != 0};
        writer.save(blob.type,
                    repository_.openBlob(
                        blob.id, at, ByteView(bytes).subspan(blob.offset - run.begin, blob.stored_bytes)));
        progress_.bytes_done += blob.stored_bytes;
      }
    }
  }

  // Only index files that name a pack that goes are replaced.
  void writeIndex() {
    progress_.setPhase("writing the index");
    std::unordered_set<PackId> going;
    for (const Plan& plan : plans_)
      if (plan.fate != Fate::kKeep) going.insert(plan.pack.id);
    std::vector<IndexedPack> staying;
    std::unordered_set<PackId> written;
    std::size_t blobs = 0;
    const auto flush = [&] {
      if (!staying.empty()) repository_.saveUnpacked(FileType::kIndex, encodeIndex(staying));
      staying.clear();
      blobs = 0;
    };
    for (const std::string& name : old_index_) {
      cancel_.check();
      std::vector<IndexedPack> packs = loadIndexFile(name);
      const auto goes = [&](const IndexedPack& pack) { return going.contains(pack.id); };
      if (std::none_of(packs.begin(), packs.end(), goes)) continue;
      replaced_.insert(name);
      for (IndexedPack& pack : packs) {
        if (goes(pack) || !written.insert(pack.id).second) continue;
        blobs += pack.blobs.size();
        staying.push_back(std::move(pack));
        if (blobs >= kBlobsPerIndexFile) flush();
      }
    }
    flush();
  }

  std::vector<IndexedPack> loadIndexFile(const std::string& name) const {
    return decodeIndex(repository_.loadUnpacked(FileType::kIndex, *Sha256::parse(name)),
                       FileHandle{FileType::kIndex, name}.describe());
  }

  // What the storage will hold, as it holds it: nobody's memory is trusted with the only copy.
  void verify() {
    progress_.setPhase("comparing the new index with what snapshots need");
    std::unordered_map<PackId, std::uint64_t> there;
    for (const auto& info : repository_.storage().list(FileType::kPack))
      there.emplace(PackId(*Sha256::parse(info.name)), info.size);
    for (const Plan& plan : plans_)
      if (plan.fate != Fate::kKeep) there.erase(plan.pack.id);
    for (const PackId& id : unindexed_) there.erase(id);
    Index after;
    for (const auto& info : repository_.storage().list(FileType::kIndex)) {
      cancel_.check();
      if (replaced_.contains(info.name)) continue;
      for (const IndexedPack& pack : loadIndexFile(info.name)) {
        const auto file = there.find(pack.id);
        if (file != there.end() && file->second >= packBytesMin(pack.blobs)) after.add(pack);
      }
    }
    for (const BlobType type : {BlobType::kData, BlobType::kTree})
      for (const BlobId& id : used(type))
        if (!after.has(type, id))
          throw Error(ErrorCode::kCorrupt,
                      "the index that was written does not name blob " + id.shortHex() + ", which is needed");
  }

  void remove() {
    progress_.setPhase("removing what nobody needs");
    lock_.check();
    for (const std::string& name : replaced_) {
      cancel_.check();
      repository_.storage().remove({FileType::kIndex, name});
    }
    std::vector<PackId> packs = unindexed_;
    for (const Plan& plan : plans_)
      if (plan.fate == Fate::kRewrite || plan.fate == Fate::kRemove) packs.push_back(plan.pack.id);
    parallelFor(packs.size(), threads_, Priority::kNormal, [&](std::size_t i) {
      cancel_.check();
      lock_.check();
      repository_.storage().remove({FileType::kPack, packs[i].hex()});
    });
  }

  Repository& repository_;
  RepositoryLock& lock_;
  const PruneOptions& options_;
  const std::size_t threads_;
  Progress& progress_;
  const CancelToken& cancel_;
  std::mutex mutex_;
  UsedBlobs used_[2];  // data, tree; guarded by mutex_ while trees are walked
  std::unordered_map<PackId, std::uint64_t> present_;
  std::vector<Plan> plans_;
  std::vector<PackId> unindexed_;
  std::vector<std::string> old_index_;
  std::unordered_set<std::string> replaced_;  // index files
  PruneResult result_;
};

}  // namespace

PruneResult prune(Repository& repository, RepositoryLock& lock, const PruneOptions& options,
                  Progress& progress, const CancelToken& cancel) {
  return Pruner(repository, lock, options, progress, cancel).run();
}

}  // namespace enamel::repository
