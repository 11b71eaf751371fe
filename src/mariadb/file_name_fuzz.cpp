#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/bytes.h"
#include "mariadb/file_name.h"

// Any bytes as a stem: decoding never fails badly, and what decodes encodes back to the same stem.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stem = enamel::asText({data, size});
  if (const auto name = enamel::mariadb::decodeFileName(stem)) {
    if (enamel::mariadb::encodeFileName(*name) != stem) std::abort();
  }
  return 0;
}
