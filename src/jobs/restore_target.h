#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "repository/ids.h"

namespace enamel::jobs {

// A folder that a restore fills. The constructor only looks: the folder may be missing, empty (but for
// lost+found), or hold an unfinished restore of the same parts of the same snapshot; anything else is refused
// with kExists unless into_existing. begin() makes the folder (for its owner's eyes only) and marks it as
// unfinished, finish() takes the mark away: a restore cut off anywhere does not look whole, and running it
// again goes on. The mark of another restore stays.
class RestoreTarget {
 public:
  static constexpr const char* kMark = ".enamel-restore-incomplete";

  // only: the parts of the snapshot that are wanted, empty for all.
  RestoreTarget(std::filesystem::path folder, const repository::SnapshotId& snapshot,
                const std::vector<std::string>& only, bool into_existing);

  const std::filesystem::path& folder() const { return folder_; }
  // Whether nothing was in the folder but what the same restore had left.
  bool isOurs() const { return ours_; }
  void begin();
  void finish();

 private:
  std::filesystem::path folder_;
  std::string mark_;        // first line of the mark
  bool keep_mark_ = false;  // another restore's is there
  bool ours_ = true;
};

}  // namespace enamel::jobs
