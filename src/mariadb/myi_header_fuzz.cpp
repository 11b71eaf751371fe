#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "mariadb/myi_header.h"

// Any bytes as the begin of an index file: rejected, or a header whose length covers what was parsed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = enamel::mariadb::parseMyiHeader({data, size});
  if (header && (header->header_bytes < enamel::mariadb::MyiHeader::kPrefixBytes ||
                 header->header_bytes > enamel::mariadb::MyiHeader::kHeaderBytesMax))
    std::abort();
  return 0;
}
