#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/file.h"

namespace enamel {

// A temporary folder for much data (a whole practice, perhaps), which must not stay when the process is
// killed: it is named enamel-scratch-PURPOSE-XXXXXX and holds a file that this process keeps locked (flock),
// so that a later run can tell whether its owner still lives.
class ScratchFolder {
 public:
  // Below parent (empty: $TMPDIR or /tmp).
  ScratchFolder(const std::string& purpose, const std::filesystem::path& parent);

  const std::filesystem::path& path() const { return folder_.path(); }
  // parent, or what it stands for if it is empty.
  static std::filesystem::path parentOf(const std::filesystem::path& parent);

  // Whether that is a scratch folder of this user, of whatever process.
  static bool isOne(const std::filesystem::path& folder);

  // Removes the scratch folders of killed processes in that folder and returns their paths: folders of such a
  // name that belong to this user and hold a lock file that nobody has locked. Anything else is left alone,
  // and so is what cannot be removed. before_removal(folder) is called for each, its lock held; what it
  // throws leaves that folder for the next time.
  static std::vector<std::filesystem::path> removeAbandoned(
      const std::filesystem::path& parent,
      const std::function<void(const std::filesystem::path&)>& before_removal = {});

 private:
  Fd lock_;
  TempDirectory folder_;  // after the lock: removed while it is held
};

// Throws kNoSpace if the file system of `folder` has less than bytes_needed left for this user. purpose: "the
// table files", option: what lets the user choose another folder, "--scratch-folder DIR".
void requireSpace(const std::filesystem::path& folder, std::uint64_t bytes_needed, const std::string& purpose,
                  const std::string& option);

}  // namespace enamel
