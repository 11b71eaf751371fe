#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "repository/tree.h"

// Any bytes: a value or Error(kCorrupt, kUnsupported, kLimit), nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel::repository;
  try {
    const Tree tree = decodeTree({data, size}, "tree");
    ENAMEL_CHECK(decodeTree(encodeTree(tree), "tree").nodes.size() == tree.nodes.size());
  } catch (const enamel::Error&) {
    return 0;
  }
  return 0;
}
