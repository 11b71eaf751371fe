#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/password_hash.h"

// Any bytes as a stored password: taken apart without harm. Only what is the right form is ever computed, and
// what is computed here is bounded by looking at its cost first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  const std::string_view stored = asText({data, size});
  if (crypto::needsRehash(stored, crypto::PasswordCost::cheap())) return 0;
  ENAMEL_CHECK(stored.starts_with("$argon2id$v="));
  static_cast<void>(crypto::verifyPassword(stored, asBytes("open sesame")));
  return 0;
}
