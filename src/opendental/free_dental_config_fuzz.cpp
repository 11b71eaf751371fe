#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "opendental/free_dental_config.h"

// Any bytes as FreeDentalConfig.xml: a connection with all its parts or an error of the three kinds, and the
// bytes are gone afterwards.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  Bytes content(data, data + size);
  try {
    const opendental::FreeDentalConfig config = opendental::parseFreeDentalConfig(content);
    ENAMEL_CHECK(!config.address.host.empty() && config.address.port != 0);
    ENAMEL_CHECK(!config.address.database.empty() && !config.address.user.empty());
    ENAMEL_CHECK(!config.password_obfuscated || config.address.password.empty());
  } catch (const Error& error) {
    ENAMEL_CHECK(error.code() == ErrorCode::kCorrupt || error.code() == ErrorCode::kUnsupported ||
                 error.code() == ErrorCode::kLimit);
  }
  ENAMEL_CHECK(std::all_of(content.begin(), content.end(), [](std::uint8_t byte) { return byte == 0; }));
  return 0;
}
