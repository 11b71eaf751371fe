#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "opendental/doc_path.h"

namespace enamel::jobs {

// Folders of this computer that may be the image folder which Open Dental's workstations name so: what is
// mounted from that server and share, what has the same last name below the usual places, and on a server
// that runs Linux the path itself. Only folders that hold one named by a single letter.
std::vector<std::string> localImageFolders(const std::vector<opendental::DocPath>& paths);

// The part of it that looks at no folder. mounts: /proc/self/mounts. In the order of how likely they are,
// without doubles.
std::vector<std::string> imageFolderGuesses(const std::vector<opendental::DocPath>& paths,
                                            std::string_view mounts);

}  // namespace enamel::jobs
