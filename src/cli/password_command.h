#pragma once

#include <string>
#include <vector>

namespace enamel::cli {

// Words of a command line with single and double quotes and backslashes, as restic splits
// RESTIC_PASSWORD_COMMAND: no shell, no expansion. Throws kUsage for an open quote.
std::vector<std::string> splitWords(const std::string& text);

// Runs the command and returns what it wrote to standard output; its errors go to ours. Throws if it fails.
std::string commandOutput(const std::vector<std::string>& arguments);

}  // namespace enamel::cli
