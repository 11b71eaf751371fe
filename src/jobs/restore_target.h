#pragma once

#include <filesystem>

#include "repository/ids.h"

namespace enamel::jobs {

// A folder that a restore fills. The constructor only looks: the folder may be missing, empty (but for
// lost+found), or hold an unfinished restore of the same snapshot; anything else is refused with kExists
// unless into_existing. begin() makes the folder and marks it as unfinished, finish() takes the mark away: a
// restore cut off anywhere does not look whole, and running it again goes on.
class RestoreTarget {
 public:
  static constexpr const char* kMark = ".enamel-restore-incomplete";

  RestoreTarget(std::filesystem::path folder, const repository::SnapshotId& snapshot, bool into_existing);

  const std::filesystem::path& folder() const { return folder_; }
  void begin();
  void finish();

 private:
  std::filesystem::path folder_;
  repository::SnapshotId snapshot_;
};

}  // namespace enamel::jobs
