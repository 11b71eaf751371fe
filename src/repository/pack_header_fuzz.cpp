#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/pack.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const auto blobs = decodePackHeader({data, size}, size * 3, "pack");
    ENAMEL_CHECK(decodePackHeader(encodePackHeader(blobs), size * 3, "pack") == blobs);
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
