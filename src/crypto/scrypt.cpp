#include "crypto/scrypt.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/error.h"

namespace enamel::crypto {
namespace {
constexpr std::uint64_t kMemoryBytesMax = 1ULL << 30;
constexpr std::uint64_t kBlockBytesMax = 64ULL << 20;  // p*r*128: memory on top, hashed once by PBKDF2
constexpr std::uint64_t kWorkMax = 1ULL << 36;         // n*r*p*128 bytes: about a minute
}  // namespace

Secret scrypt(ByteView password, ByteView salt, std::uint64_t n, std::uint32_t r, std::uint32_t p,
              std::size_t size) {
  const bool valid = n >= 2 && (n & (n - 1)) == 0 && r > 0 && p > 0;
  if (!valid) throw Error(ErrorCode::kCorrupt, fmt::format("not scrypt parameters: N={} r={} p={}", n, r, p));
  if (n > kMemoryBytesMax / 128 || r > kMemoryBytesMax / 128 / n || p > kWorkMax / 128 / n / r ||
      p > kBlockBytesMax / 128 / r) {
    throw Error(ErrorCode::kLimit,
                fmt::format("the key's scrypt parameters N={} r={} p={} ask for more memory or time than "
                            "Enamel grants a key file",
                            n, r, p));
  }
  Secret out(size);
  // What OpenSSL counts against the limit: V and B, plus a little.
  const std::uint64_t memory = 128ULL * r * (n + p + 2) + (1U << 20);
  if (EVP_PBE_scrypt(reinterpret_cast<const char*>(password.data()), password.size(), salt.data(),
                     salt.size(), n, r, p, memory, out.bytes().data(), size) != 1) {
    throw Error(ErrorCode::kInternal, fmt::format("scrypt failed for N={} r={} p={}", n, r, p));
  }
  return out;
}

}  // namespace enamel::crypto
