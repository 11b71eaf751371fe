#pragma once

#include <cstdint>
#include <string>

namespace enamel::jobs {

// This computer and the user this process runs as, for snapshots.
std::string hostName();
std::string userName();

}  // namespace enamel::jobs
