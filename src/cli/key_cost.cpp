#include "cli/key_cost.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "cli/output.h"

namespace enamel::cli {

void addCheapKeyOption(CLI::App& command, bool& cheap) {
  command.add_flag("--cheap-key", cheap, "For tests: a key that opens at once and protects nothing")
      ->group("");
}

KeyCost keyCost(const Context& context, bool cheap) {
  if (!cheap && context.environment("ENAMEL_TEST_CHEAP_KDF").value_or("") != "1")
    return {.parameters = repository::KdfParameters::calibrate()};
  return {.parameters = repository::KdfParameters::cheap(), .cheap = true};
}

void warnOfCheapKey(const Context& context, const KeyCost& cost) {
  if (!cost.cheap) return;
  const std::string text =
      "this key is for tests: its password can be guessed in no time. NEVER keep a practice's data under it";
  if (context.shared.json) {
    printJson(context.err, {{"message_type", "warning"}, {"message", text}});
  } else {
    printWarnings(context, {text});
  }
}

}  // namespace enamel::cli
