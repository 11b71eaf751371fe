#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/config.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const Config config = decodeConfig({data, size});
    ENAMEL_CHECK(decodeConfig(encodeConfig(config)).chunker_polynomial == config.chunker_polynomial);
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
