#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/key_file.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const KeyFile key = decodeKeyFile({data, size}, "key");
    ENAMEL_CHECK(decodeKeyFile(encodeKeyFile(key), "key").salt == key.salt);
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
