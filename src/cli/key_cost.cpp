#include "cli/key_cost.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/output.h"

namespace enamel::cli {

void addCheapKeyOption(CLI::App& command, bool& cheap) {
  command.add_flag("--cheap-key", cheap, "For tests: a key that opens at once and protects nothing")
      ->group("");
}

repository::KdfParameters keyCost(const Context& context, bool cheap) {
  if (!cheap && context.environment("ENAMEL_TEST_CHEAP_KDF").value_or("") != "1")
    return repository::KdfParameters::calibrate();
  printWarnings(context, {"this key is for tests: its password can be guessed in no time. NEVER keep a "
                          "practice's data under it"});
  return repository::KdfParameters::cheap();
}

}  // namespace enamel::cli
