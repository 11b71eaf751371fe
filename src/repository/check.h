#pragma once

#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "repository/repository.h"

namespace enamel::repository {

struct CheckOptions {
  bool read_data =
      false;  // read every pack: hash, header, decrypt, decompress, compare every blob with its name
  std::size_t threads = 0;
};

struct CheckResult {
  std::vector<std::string> errors;    // each names what is damaged and what that costs
  std::vector<std::string> warnings;  // unreferenced packs and the like: space, not safety
  std::vector<std::string> advice;    // what to do about the errors, in the order in which to do it
  std::uint64_t packs = 0, blobs = 0, snapshots = 0, trees = 0, bytes_read = 0;
  bool ok() const { return errors.empty(); }
};

// Goes on after damage, so that one run names all of it. Throws only where nothing more can be learned (the
// storage is gone, cancelled).
CheckResult check(Repository& repository, const CheckOptions& options, Progress& progress,
                  const CancelToken& cancel);

}  // namespace enamel::repository
