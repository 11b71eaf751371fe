#include "jobs/parent.h"

#include <algorithm>

namespace enamel::jobs {
namespace {

using repository::BlobId;
using repository::Repository;
using repository::Snapshot;

bool holds(const Snapshot& snapshot, const std::string& part) {
  return std::find(snapshot.paths.begin(), snapshot.paths.end(), "/" + part) != snapshot.paths.end();
}

std::optional<BlobId> partOf(const Repository& repository, const Snapshot& snapshot,
                             const std::string& part) {
  const repository::Tree root = repository.loadTree(snapshot.tree);
  const repository::Node* node = root.find(part);
  if (node == nullptr || !node->subtree) return std::nullopt;
  (void)repository.loadTree(*node->subtree);  // an older snapshot may be whole where this one is not
  return node->subtree;
}

std::string describe(const repository::PackDamage& damage) {
  const std::size_t count = damage.missing + damage.cut_off;
  const std::string what = damage.cut_off == 0   ? "missing"
                           : damage.missing == 0 ? "cut off"
                                                 : "missing or cut off";
  return std::to_string(count) + (count == 1 ? " pack" : " packs") + " of the repository " +
         (count == 1 ? "is " : "are ") + what + "; what this backup needs of " +
         (count == 1 ? "it" : "them") +
         " is stored again, but earlier backups may be damaged: run `enamel check`";
}

}  // namespace

Parent findParent(Repository& repository, const std::string& hostname, bool want_database, bool want_images,
                  Timestamp now, const CancelToken& cancel) {
  Parent parent;
  const std::vector<Snapshot> snapshots = repository.listSnapshots(&parent.warnings);
  repository.loadIndex(cancel);
  const repository::PackDamage damage = repository.distrustDamagedPacks();
  if (damage.missing + damage.cut_off != 0) parent.warnings.push_back(describe(damage));
  if (!snapshots.empty() && snapshots.back().time > now)
    parent.warnings.push_back("this computer's clock shows " + formatLocal(now) +
                              ", earlier than the newest backup (" + formatLocal(snapshots.back().time) +
                              "); set the clock, or `latest` will go on naming that one");
  for (auto snapshot = snapshots.rbegin(); snapshot != snapshots.rend(); ++snapshot) {
    const bool for_database = want_database && !parent.database && holds(*snapshot, kDatabaseName);
    const bool for_images = want_images && !parent.images && holds(*snapshot, kImagesName);
    if (snapshot->hostname != hostname || !(for_database || for_images)) continue;
    try {
      if (for_database) parent.database = partOf(repository, *snapshot, kDatabaseName);
      if (for_images) {
        parent.images = partOf(repository, *snapshot, kImagesName);
        parent.images_begin =
            snapshot->summary ? std::min(snapshot->time, snapshot->summary->backup_start) : snapshot->time;
      }
      if (!parent.snapshot) parent.snapshot = *snapshot;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kCorrupt && error.code() != ErrorCode::kNotFound) throw;
      parent.warnings.push_back("snapshot " + snapshot->id.shortHex() +
                                " is damaged and was not built upon: " + error.what());
    }
    if ((parent.database || !want_database) && (parent.images || !want_images)) break;
  }
  return parent;
}

}  // namespace enamel::jobs
