#pragma once

#include <string_view>

namespace enamel::jobs {

// "0.1.0".
std::string_view versionNumber();
// "enamel 0.1.0": what snapshots and reports say made them.
std::string_view programVersion();

}  // namespace enamel::jobs
