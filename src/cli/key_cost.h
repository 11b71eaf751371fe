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
// --cheap-key or ENAMEL_TEST_CHEAP_KDF=1.
struct KeyCost {
  repository::KdfParameters parameters;
  bool cheap = false;
};
KeyCost keyCost(const Context& context, bool cheap);

// To be called once a key was made at that cost: a cheap one is warned of on context.err, whatever the output
// options say (with --json as one JSON line); the variable may be set where nobody meant it.
void warnOfCheapKey(const Context& context, const KeyCost& cost);

}  // namespace enamel::cli
