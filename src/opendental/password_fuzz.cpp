#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "opendental/password.h"

// Any bytes as userod.Password: taken apart without harm, and what is not readable lets nobody in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  using opendental::PasswordKind;
  const std::string_view input = asText({data, size});
  const opendental::StoredPassword stored = opendental::parseStoredPassword(input);
  const bool has_hash = stored.kind != PasswordKind::kNone && stored.kind != PasswordKind::kUnreadable;
  ENAMEL_CHECK(stored.hash.empty() == !has_hash);
  const bool matches = opendental::passwordMatches(stored, asBytes("open sesame"));
  ENAMEL_CHECK(has_hash || !matches);
  // The same bytes as somebody types them.
  ENAMEL_CHECK(!opendental::passwordMatches({.kind = PasswordKind::kNone}, {data, size}));
  const auto today = opendental::parseStoredPassword(opendental::formatPassword("salt", "open sesame"));
  ENAMEL_CHECK(opendental::passwordMatches(today, {data, size}) == (input == "open sesame"));
  return 0;
}
