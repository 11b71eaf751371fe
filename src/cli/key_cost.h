#pragma once

#include "cli/context.h"
#include "repository/key.h"

namespace CLI {
class App;
}

namespace enamel::cli {

// --cheap-key, which help does not show: for tests and benchmarks. cheap must outlive the command.
void addCheapKeyOption(CLI::App& command, bool& cheap);

// What guessing the password of a new key shall cost: measured on this machine, or next to nothing with
// --cheap-key or ENAMEL_TEST_CHEAP_KDF=1, which is said on context.err.
repository::KdfParameters keyCost(const Context& context, bool cheap);

}  // namespace enamel::cli
