#pragma once

#include <string>

#include "cli/app_model.h"

namespace enamel::cli {

// What --help prints. path: the command's words, "enamel backup".
std::string helpText(const CommandModel& command, const std::string& path);

// "SNAPSHOT [PATH] [options]": what follows a command's words.
std::string usageOf(const CommandModel& command);

// Lines of at most `columns`, all but the first indented. Words longer than a line stand alone.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t columns);

}  // namespace enamel::cli
