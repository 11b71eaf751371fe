#include "repository/prune.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/worker_pool.h"
#include "repository/pack_reader.h"
#include "repository/read_runs.h"
#include "repository/repository_impl.h"
#include "repository/tree_walk.h"

namespace enamel::repository {
namespace {

using storage::FileHandle;
using storage::FileType;

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
  Pruner(Repository& repository, RepositoryLock* lock, const PruneOptions& options, Progress& progress,
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
      chooseCopies();
      planPacks();
      if (options_.dry_run) return std::move(result_);
      confirm();
      removePacks(unindexed_);  // first: what they take may be what rewriting needs
      rewrite();
      writeIndex();
      verify();
      confirm();
    } catch (const Error& e) {
      throw explained(e);
    }
    if (options_.before_removal) options_.before_removal();
    remove();
    return std::move(result_);
  }

 private:
  using Blobs = std::unordered_set<BlobId>;
  static std::size_t kind(BlobType type) { return type == BlobType::kTree ? 1 : 0; }

  static Error explained(const Error& e) {
    if (e.code() == ErrorCode::kCancelled) return e;
    std::string hint = e.hint();
    if (e.code() == ErrorCode::kNoSpace)
      hint = "free some space; or give `--max-unused unlimited`: then nothing needs to be written anew";
    if (e.code() == ErrorCode::kCorrupt && hint.empty())
      hint = "`enamel check` names all that is damaged and what to do about it";
    return {e.code(), "nothing that a backup had was removed: " + std::string(e.what()), hint};
  }

  void look() {
    progress_.setPhase("reading the index");
    present_ = listPacks(repository_.storage());
    for (const auto& [id, bytes] : present_) result_.bytes_before += bytes;
    repository_.loadIndex(cancel_);
    progress_.setPhase("finding what snapshots need");
    snapshots_ = snapshotNames();
    const std::vector<Snapshot> snapshots = repository_.listSnapshots();
    if (snapshots.size() != snapshots_.size()) throw changed("snapshots");
    std::vector<BlobId> roots;
    for (const Snapshot& snapshot : snapshots)
      if (!options_.without.contains(snapshot.id)) roots.push_back(snapshot.tree);
    result_.snapshots = roots.size();
    if (snapshots.empty() && !present_.empty() && !options_.remove_all)
      throw Error(ErrorCode::kCorrupt,
                  "there is no snapshot in the repository, though its packs hold data: if there were "
                  "backups, their files in snapshots/ are lost",
                  "bring them back from a copy of the repository; if it is meant to be empty: enamel prune "
                  "--remove-all");
    walkTrees(
        roots, [&](const BlobId& id) { return repository_.loadTree(id); },
        [&](const BlobId& id, const Tree& tree) {
          ++progress_.files_done;
          const std::lock_guard lock(mutex_);
          used_[kind(BlobType::kTree)].insert(id);
          for (const Node& node : tree.nodes)
            used_[kind(BlobType::kData)].insert(node.content.begin(), node.content.end());
        },
        threads_, cancel_);
  }

  std::set<std::string> snapshotNames() const {
    std::set<std::string> names;
    for (const auto& info : repository_.storage().list(FileType::kSnapshot)) names.insert(info.name);
    return names;
  }

  static Error changed(const char* what) {
    return {
        ErrorCode::kRepositoryLocked,
        std::string(what) + " came or went meanwhile, though the repository is locked",
        "see that nobody else works with the repository and that its disk stays connected, then run again"};
  }

  // Before anything is removed: nobody was taken for gone who works on, and no folder for empty that was not
  // mounted for a moment.
  void confirm() const {
    lock_->check();
    if (snapshotNames() != snapshots_) throw changed("snapshots");
  }

  // Where a needed blob lies in several packs, only reading tells which copy is good. There are few.
  void chooseCopies() {
    progress_.setPhase("choosing packs");
    packs_ = repository_.impl().index.packs();
    Blobs several[2], seen[2];
    for (const IndexedPack& pack : packs_) {
      const auto file = present_.find(pack.id);
      if (file == present_.end() || file->second < packBytesMin(pack.blobs)) continue;
      whole_.insert(pack.id);
      for (const PackedBlob& blob : pack.blobs) {
        const std::size_t k = kind(blob.type);
        if (used_[k].contains(blob.id) && !seen[k].insert(blob.id).second) several[k].insert(blob.id);
      }
    }
    for (const BlobType type : {BlobType::kData, BlobType::kTree}) {
      const std::size_t k = kind(type);
      if (used_[k].size() != seen[k].size())
        throw Error(ErrorCode::kCorrupt, std::to_string(used_[k].size() - seen[k].size()) +
                                             (type == BlobType::kTree ? " trees" : " blobs") +
                                             " that snapshots need are missing from the repository");
      for (const BlobId& id : several[k]) {
        cancel_.check();
        chosen_[k].emplace(id, goodCopy(type, id));
      }
    }
  }

  PackId goodCopy(BlobType type, const BlobId& id) const {
    std::optional<Error> damage;
    for (const BlobLocation& place : repository_.impl().index.places(type, id)) {
      if (!whole_.contains(place.pack)) continue;
      try {
        repository_.loadBlobFrom(place, id);
        return place.pack;
      } catch (const Error& e) {
        if (e.code() != ErrorCode::kCorrupt) throw;
        damage = e;
      }
    }
    throw *damage;
  }

  // Whether this is the copy that stays, here or moved.
  bool isNeeded(const IndexedPack& pack, const PackedBlob& blob) const {
    const std::size_t k = kind(blob.type);
    if (!used_[k].contains(blob.id)) return false;
    const auto chosen = chosen_[k].find(blob.id);
    return chosen == chosen_[k].end() || chosen->second == pack.id;
  }

  void planPacks() {
    for (IndexedPack& indexed : packs_) {
      Plan plan;
      const auto file = present_.find(indexed.id);
      const bool is_whole = whole_.contains(indexed.id);
      if (file != present_.end()) plan.file_bytes = file->second;
      for (const PackedBlob& blob : indexed.blobs) {
        plan.blob_bytes += blob.stored_bytes;
        if (is_whole && isNeeded(indexed, blob)) plan.used_bytes += blob.stored_bytes;
      }
      if (file == present_.end()) {
        plan.fate = Fate::kForget;
      } else if (plan.used_bytes == 0) {
        plan.fate = Fate::kRemove;
      }
      plan.pack = std::move(indexed);
      plans_.push_back(std::move(plan));
    }
    packs_.clear();
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
    const double part = options_.unused_fraction_max;
    for (Plan* plan : wasteful) {
      // Of all that is left, not of what is needed.
      if (part >= 1 || static_cast<double>(unused) <= part / (1 - part) * static_cast<double>(needed)) break;
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
      if (plan.fate != Fate::kKeep) going_.insert(plan.pack.id);
    }
    result_.bytes_freed += result_.bytes_unindexed;
    progress_.bytes_total = result_.bytes_rewritten;
  }

  // Forgotten by the index in memory, the blobs of packs that go are stored again by an ordinary writer.
  void rewrite() {
    std::vector<const Plan*> rewritten;
    for (const Plan& plan : plans_)
      if (plan.fate == Fate::kRewrite) rewritten.push_back(&plan);
    // Index files of the writer's own are none of the old ones.
    for (const auto& info : repository_.storage().list(FileType::kIndex)) old_index_.push_back(info.name);
    repository_.impl().index.dropPacks([&](const PackId& id, std::uint64_t) { return !going_.contains(id); });
    if (rewritten.empty()) return;
    progress_.setPhase("moving what is needed");
    const auto writer = repository_.newWriter();
    parallelFor(rewritten.size(), threads_, Priority::kNormal,
                [&](std::size_t i) { copyNeeded(rewritten[i]->pack, *writer); });
    writer->flush();
  }

  void copyNeeded(const IndexedPack& pack, BlobWriter& writer) {
    std::vector<const PackedBlob*> needed;
    for (const PackedBlob& blob : pack.blobs)
      if (isNeeded(pack, blob)) needed.push_back(&blob);
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
        const ByteView stored = ByteView(bytes).subspan(blob.offset - run.begin, blob.stored_bytes);
        writer.save(blob.type, repository_.openBlob(blob.id, at, stored));
        progress_.bytes_done += blob.stored_bytes;
      }
    }
  }

  // Only index files that name a pack that goes are replaced.
  void writeIndex() {
    progress_.setPhase("writing the index");
    std::unordered_set<PackId> staying;
    for (const std::string& name : old_index_) {
      cancel_.check();
      const std::vector<IndexedPack> packs = loadIndexFile(name);
      const auto goes = [&](const IndexedPack& pack) { return going_.contains(pack.id); };
      if (std::none_of(packs.begin(), packs.end(), goes)) continue;
      replaced_.insert(name);
      for (const IndexedPack& pack : packs)
        if (!goes(pack)) staying.insert(pack.id);
    }
    std::vector<IndexedPack> packs;
    std::size_t blobs = 0;
    const auto flush = [&] {
      if (!packs.empty()) repository_.saveUnpacked(FileType::kIndex, encodeIndex(packs));
      packs.clear();
      blobs = 0;
    };
    // From the plan: several files may each say a part of a pack.
    for (Plan& plan : plans_) {
      if (!staying.contains(plan.pack.id)) continue;
      blobs += plan.pack.blobs.size();
      packs.push_back({.id = plan.pack.id, .blobs = std::move(plan.pack.blobs)});
      if (blobs >= kIndexBlobsMax) flush();
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
    std::unordered_map<PackId, std::uint64_t> there = listPacks(repository_.storage());
    for (const PackId& id : going_) there.erase(id);
    Index after;
    for (const auto& info : repository_.storage().list(FileType::kIndex)) {
      cancel_.check();
      if (replaced_.contains(info.name)) continue;
      for (const IndexedPack& pack : loadIndexFile(info.name)) {
        if (going_.contains(pack.id)) throw changed("index files");
        const auto file = there.find(pack.id);
        if (file != there.end() && file->second >= packBytesMin(pack.blobs)) after.add(pack);
      }
    }
    for (const BlobType type : {BlobType::kData, BlobType::kTree})
      for (const BlobId& id : used_[kind(type)])
        if (!after.has(type, id))
          throw Error(ErrorCode::kCorrupt,
                      "the index that was written does not name blob " + id.shortHex() + ", which is needed");
  }

  void remove() {
    progress_.setPhase("removing what nobody needs");
    for (const std::string& name : replaced_) {
      cancel_.check();
      lock_->check();
      repository_.storage().remove({FileType::kIndex, name});
    }
    std::vector<PackId> packs;
    for (const Plan& plan : plans_)
      if (plan.fate == Fate::kRewrite || plan.fate == Fate::kRemove) packs.push_back(plan.pack.id);
    removePacks(packs);
    std::uint64_t bytes_after = 0;
    for (const auto& [id, bytes] : listPacks(repository_.storage())) bytes_after += bytes;
    result_.bytes_freed = result_.bytes_before - std::min(result_.bytes_before, bytes_after);
  }

  void removePacks(const std::vector<PackId>& packs) {
    parallelFor(packs.size(), threads_, Priority::kNormal, [&](std::size_t i) {
      cancel_.check();
      lock_->check();
      repository_.storage().remove({FileType::kPack, packs[i].hex()});
    });
  }

  Repository& repository_;
  RepositoryLock* const lock_;
  const PruneOptions& options_;
  const std::size_t threads_;
  Progress& progress_;
  const CancelToken& cancel_;
  std::mutex mutex_;
  std::set<std::string> snapshots_;  // names
  Blobs used_[2];                    // data, tree; guarded by mutex_ while trees are walked
  std::unordered_map<PackId, std::uint64_t> present_;
  std::vector<IndexedPack> packs_;                // until they are planned
  std::unordered_set<PackId> whole_;              // of these, what the index names is there
  std::unordered_map<BlobId, PackId> chosen_[2];  // of those with several copies
  std::vector<Plan> plans_;
  std::unordered_set<PackId> going_;
  std::vector<PackId> unindexed_;
  std::vector<std::string> old_index_;
  std::unordered_set<std::string> replaced_;  // index files
  PruneResult result_;
};

}  // namespace

PruneResult prune(Repository& repository, RepositoryLock* lock, const PruneOptions& options,
                  Progress& progress, const CancelToken& cancel) {
  return Pruner(repository, lock, options, progress, cancel).run();
}

}  // namespace enamel::repository
