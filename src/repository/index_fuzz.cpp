#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/index_file.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const auto packs = decodeIndex({data, size}, "index");
    ENAMEL_CHECK(decodeIndex(encodeIndex(packs), "index").size() == packs.size());
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
