#pragma once

#include "cli/context.h"

namespace enamel::service {
class Setup;
}

namespace enamel::cli {

// Asks words of the recovery kit back until they are right; false where nobody answers (the end of input).
bool askForKitWords(const Context& context, service::Setup& setup);

// Writes the kit, readable by its owner only; replaces nothing that is there (kExists).
void writeKit(const service::Setup& setup, const std::string& file);

}  // namespace enamel::cli
