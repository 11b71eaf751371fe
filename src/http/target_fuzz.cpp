#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "http/target.h"

// Any bytes as a target: what is taken has only segments that cannot lead anywhere else, and means the same
// when it is written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  const auto target = http::parseTarget(asText({data, size}));
  if (!target) return 0;
  std::string again;
  for (std::size_t i = 0; i < target->segments.size(); ++i) {
    const std::string& segment = target->segments[i];
    ENAMEL_CHECK(segment != "." && segment != ".." && segment.find('/') == std::string::npos);
    ENAMEL_CHECK(segment.find('\0') == std::string::npos);
    ENAMEL_CHECK(!segment.empty() || (i != 0 && i + 1 == target->segments.size()));
    again += "/" + http::percentEncode(segment);
  }
  if (again.empty()) again = "/";
  char separator = '?';
  for (const auto& [name, value] : target->query.parameters()) {
    again += separator + http::percentEncode(name) + "=" + http::percentEncode(value);
    separator = '&';
  }
  const auto reread = http::parseTarget(again);
  ENAMEL_CHECK(reread && reread->segments == target->segments);
  ENAMEL_CHECK(reread->query.parameters() == target->query.parameters());
  return 0;
}
