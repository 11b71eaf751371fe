#include "hash/sha256.h"

#include <openssl/evp.h>

#include "base/error.h"

namespace enamel {
namespace {

// Fetched once: EVP_sha256() looks its provider up anew at every use, which costs more than hashing a small
// blob.
const EVP_MD* sha256Method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ENAMEL_CHECK(method != nullptr);
  return method;
}

}  // namespace

struct Sha256Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { ENAMEL_CHECK(context != nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {
  ENAMEL_CHECK(EVP_DigestInit_ex2(state_->context, sha256Method(), nullptr) == 1);
}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::update(ByteView data) {
  ENAMEL_CHECK(EVP_DigestUpdate(state_->context, data.data(), data.size()) == 1);
}

Sha256 Sha256Hasher::finish() {
  Sha256 digest;
  ENAMEL_CHECK(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), nullptr) == 1);
  return digest;
}

Sha256 Sha256::of(ByteView data) {
  Sha256Hasher hasher;
  hasher.update(data);
  return hasher.finish();
}

std::optional<Sha256> Sha256::parse(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  for (const char c : text) {
    if (c >= 'A' && c <= 'F') return std::nullopt;
  }
  const auto bytes = fromHex(text);
  if (!bytes) return std::nullopt;
  Sha256 digest;
  std::memcpy(digest.bytes.data(), bytes->data(), digest.bytes.size());
  return digest;
}

}  // namespace enamel
