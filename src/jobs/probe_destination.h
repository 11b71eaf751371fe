#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/cancel.h"
#include "jobs/probe.h"

namespace enamel::jobs {

// What a look at the place for backups says to the person who chooses it.
struct DestinationProbe {
  bool exists = false;                // it is a folder
  bool empty = true;                  // nothing is in it, or it is not there yet
  bool is_repository = false;         // of restic's format
  bool writable = false;              // it, or the folder that it would be made in
  std::uint64_t free = 0, total = 0;  // bytes, of the file system it is or would be on
  // Measured with a few MB that are synced and removed; nullopt: it could not be.
  std::optional<double> write_mb_s;  // 10^6 bytes a second
  bool same_disk_as_data = false;    // as one of the sources: what kills that disk kills the backups
  std::vector<ProbeProblem> problems;
};

// sources: the folders with the data, as far as this computer has them. Makes no folder; one file is written
// and removed, in the folder or the nearest above it that is there. Throws kCancelled only.
DestinationProbe probeDestination(const std::filesystem::path& folder,
                                  const std::vector<std::filesystem::path>& sources,
                                  const CancelToken& cancel);

}  // namespace enamel::jobs
