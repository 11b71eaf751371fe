#include <cstdlib>
#include <cstring>
#include <map>

#include "cli/context.h"

namespace enamel::cli {

Environment processEnvironment() {
  std::map<std::string, std::string> secrets;
  for (const char* name : {"ENAMEL_PASSWORD", "RESTIC_PASSWORD"}) {
    char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread yet
    if (value == nullptr) continue;
    secrets[name] = value;
    explicit_bzero(value, std::strlen(value));  // gone from /proc/PID/environ too
    unsetenv(name);                             // NOLINT(concurrency-mt-unsafe)
  }
  return [secrets = std::move(secrets)](const char* name) -> std::optional<std::string> {
    if (const auto secret = secrets.find(name); secret != secrets.end() && !secret->second.empty())
      return secret->second;
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables any more
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

}  // namespace enamel::cli
