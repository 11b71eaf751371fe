#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/lock.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const LockFile lock = decodeLockFile({data, size}, "lock");
    ENAMEL_CHECK(decodeLockFile(encodeLockFile(lock), "lock").pid == lock.pid);
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
