#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "base/error.h"
#include "http/range.h"

// Eight bytes of size, then a Range field: a part is never empty and never leaves the representation.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  std::uint64_t whole = 0;
  if (size < sizeof whole) return 0;
  std::memcpy(&whole, data, sizeof whole);
  const auto request = http::parseRange(asText({data + sizeof whole, size - sizeof whole}), whole);
  if (request.kind != http::RangeKind::kPart) return 0;
  ENAMEL_CHECK(request.range.size > 0 && request.range.offset < whole);
  ENAMEL_CHECK(request.range.size <= whole - request.range.offset);
  return 0;
}
