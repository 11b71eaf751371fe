#pragma once

#include <string>

#include "cli/app_model.h"

namespace enamel::cli {

// Scripts that complete commands, options and their values in a shell.
std::string bashCompletion(const CommandModel& program);
std::string zshCompletion(const CommandModel& program);
std::string fishCompletion(const CommandModel& program);

}  // namespace enamel::cli
