#include <cstdlib>

#include "cli/context.h"

namespace enamel::cli {

Environment processEnvironment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread sets variables
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

}  // namespace enamel::cli
