#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "service/config.h"

// Any text is a configuration that is written and read as the same one, or is refused as wrong usage.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  service::Config config;
  try {
    config = service::parseConfig({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
  } catch (const Error& error) {
    ENAMEL_CHECK(error.code() == ErrorCode::kUsage);
    return 0;
  }
  // Throws, and ends the process, if what was read cannot be written or would be read as another one.
  static_cast<void>(service::commentedConfig(config));
  return 0;
}
