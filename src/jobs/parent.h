#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "repository/repository.h"

namespace enamel::jobs {

// What a backup builds on: earlier trees whose unchanged files and tables need not be read again.
struct Parent {
  std::optional<repository::Snapshot> snapshot;  // the newest one used; recorded in the new snapshot
  std::optional<repository::BlobId> database, images;
  Timestamp images_begin;  // when the backup that `images` is of began
  std::vector<std::string> warnings;
};

// For each of the wanted parts, the newest snapshot of the same host that holds it: an hourly backup of the
// database alone does not cost the nightly one of both its parent for the images. Damaged snapshots and trees
// are passed over with a warning; so is a clock that shows a time before the newest snapshot's.
// Loads the index, after the snapshots: one that ends meanwhile must not look damaged. Holds it against the
// packs that are there (Repository::distrustDamagedPacks()): what follows builds on nothing that is lost.
Parent findParent(repository::Repository& repository, const std::string& hostname, bool want_database,
                  bool want_images, Timestamp now, const CancelToken& cancel = CancelToken::never());

// Names of the two parts in a snapshot's root.
inline constexpr const char* kDatabaseName = "database";
inline constexpr const char* kImagesName = "images";

}  // namespace enamel::jobs
