#pragma once

#include <optional>
#include <string>

#include "cli/context.h"
#include "repository/prune.h"

namespace CLI {
class App;
}

namespace enamel::cli {

// --max-unused, as text for parseMaxUnused().
void addMaxUnusedOption(CLI::App& command, std::optional<std::string>& text);
// "5%", "0", "unlimited": which part of a repository may stay unused. Throws kUsage.
double parseMaxUnused(const std::string& text);

// For people, in a few lines.
void printPruneReport(const Context& context, const repository::PruneResult& result, bool dry_run);

}  // namespace enamel::cli
