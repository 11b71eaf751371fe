#include "service/random_token.h"

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/file.h"

namespace enamel::service {

std::string randomToken() {
  std::array<std::uint8_t, 32> bytes{};
  randomBytes(bytes);
  return toHex(bytes);
}

}  // namespace enamel::service
