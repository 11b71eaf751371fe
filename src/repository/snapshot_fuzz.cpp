#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/snapshot.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const Snapshot snapshot = decodeSnapshot({data, size}, SnapshotId());
    ENAMEL_CHECK(decodeSnapshot(encodeSnapshot(snapshot), SnapshotId()).paths.size() ==
                 snapshot.paths.size());
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
