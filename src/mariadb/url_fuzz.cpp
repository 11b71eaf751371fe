#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "mariadb/url.h"

// Any text is an address that formats and parses to itself, or is refused as wrong usage.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  const std::string url(reinterpret_cast<const char*>(data), size);
  try {
    const mariadb::Address address = mariadb::parseAddress(url);
    // Percent-encoding makes it longer, at worst past the limit.
    if (const std::string again = mariadb::formatAddress(address); again.size() <= 4096) {
      ENAMEL_CHECK(mariadb::parseAddress(again) == address);
    }
  } catch (const Error& error) {
    ENAMEL_CHECK(error.code() == ErrorCode::kUsage);
  }
  return 0;
}
