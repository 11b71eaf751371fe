#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "http/cookies.h"

// Any bytes as a Cookie field: what is taken from it reads the same when it is written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  const auto cookies = http::parseCookies(asText({data, size}));
  std::string again;
  for (const auto& [name, value] : cookies) again += (again.empty() ? "" : "; ") + name + "=" + value;
  ENAMEL_CHECK(http::parseCookies(again) == cookies);
  return 0;
}
