#pragma once

#include <string>

#include "cli/app_model.h"

namespace enamel::cli {

// The manual page enamel(1), in roff.
std::string manPage(const CommandModel& program, const std::string& version);

}  // namespace enamel::cli
