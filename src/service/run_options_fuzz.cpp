#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "service/run_options.h"

// Any text is options that are written and read as the same ones, or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  if (size == 0) return 0;
  const auto kind = static_cast<service::RunKind>(data[0] % 7);
  service::RunOptions options;
  try {
    options = service::parseRunOptions(kind, {reinterpret_cast<const char*>(data) + 1, size - 1});
  } catch (const Error& error) {
    ENAMEL_CHECK(error.code() == ErrorCode::kUsage || error.code() == ErrorCode::kLimit);
    return 0;
  }
  ENAMEL_CHECK(service::parseRunOptions(kind, service::formatRunOptions(kind, options)) == options);
  return 0;
}
