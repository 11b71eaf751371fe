#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace enamel::jobs {

// An image folder that may be backed up.
struct ImageFolder {
  std::filesystem::path path;         // without symlinks
  std::vector<std::string> excludes;  // absolute
  // The same as paths in the snapshot, "/images/A/AdamsTom12", for its record of what was left out.
  std::vector<std::string> recorded_excludes;
  std::vector<std::string> warnings;
};

// Looks at the image folder before anything is stored. A network folder that is not mounted looks missing or
// empty, so both are errors (kNotFound), never an empty backup. repository_location: as Storage::location()
// says; a repository inside the image folder is excluded with a warning, one that is the image folder or
// around it is refused (kUsage). excludes: below the folder, absolute or relative to it; one that is not
// below it leaves nothing out, and is warned of.
ImageFolder inspectImageFolder(const std::filesystem::path& folder, const std::vector<std::string>& excludes,
                               const std::string& repository_location);

}  // namespace enamel::jobs
