#include "crypto/box.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/vector_state.h"

namespace enamel::crypto {
namespace {

constexpr std::size_t kCipherKeyBytes = 32;
constexpr std::size_t kMacPartBytes = 16;

struct Methods {
  EVP_CIPHER* ctr = EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr);
  EVP_CIPHER* ecb = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
  EVP_MAC* poly1305 = EVP_MAC_fetch(nullptr, "POLY1305", nullptr);
  Methods() { ENAMEL_CHECK(ctr != nullptr && ecb != nullptr && poly1305 != nullptr); }
};

// Fetched once: a fetch takes longer than sealing a small blob.
const Methods& methods() {
  static const Methods instance;
  return instance;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

// One call of EVP_*Update takes an int.
constexpr std::size_t kUpdateBytesMax = 1U << 30;

void applyCipher(const EVP_CIPHER* cipher, const std::uint8_t* key, const std::uint8_t* nonce, ByteView in,
                 std::uint8_t* out) {
  const CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  ENAMEL_CHECK(context && EVP_EncryptInit_ex2(context.get(), cipher, key, nonce, nullptr) == 1);
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  releaseVectorUpperHalves();
  while (!in.empty()) {
    const std::size_t n = std::min(in.size(), kUpdateBytesMax);
    int written = 0;
    ENAMEL_CHECK(EVP_EncryptUpdate(context.get(), out, &written, in.data(), static_cast<int>(n)) == 1);
    in = in.subspan(n);
    out += n;
  }
}

// Poly1305-AES (Bernstein): the one-time key is r followed by AES_k(nonce).
std::array<std::uint8_t, Box::kMacBytes> macOf(ByteView key, ByteView nonce, ByteView message) {
  std::array<std::uint8_t, 32> one_time;
  std::memcpy(one_time.data(), key.data() + kCipherKeyBytes + kMacPartBytes, kMacPartBytes);
  applyCipher(methods().ecb, key.data() + kCipherKeyBytes, nullptr, nonce, one_time.data() + kMacPartBytes);
  const MacContext context(EVP_MAC_CTX_new(methods().poly1305), &EVP_MAC_CTX_free);
  std::array<std::uint8_t, Box::kMacBytes> mac{};
  std::size_t size = 0;
  ENAMEL_CHECK(context && EVP_MAC_init(context.get(), one_time.data(), one_time.size(), nullptr) == 1 &&
               EVP_MAC_update(context.get(), message.data(), message.size()) == 1 &&
               EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1 && size == mac.size());
  wipe(one_time);
  releaseVectorUpperHalves();
  return mac;
}

}  // namespace

Box::Box(Secret key) : key_(std::move(key)) {
  ENAMEL_CHECK(key_.size() == kKeyBytes);
}

Secret Box::generateKey() {
  Secret key(kKeyBytes);
  randomBytes(key.bytes());
  return key;
}

void Box::seal(ByteView plaintext, MutableByteView out) const {
  ENAMEL_CHECK(out.size() == plaintext.size() + kOverheadBytes);
  const MutableByteView nonce = out.first(kNonceBytes);
  const MutableByteView ciphertext = out.subspan(kNonceBytes, plaintext.size());
  randomBytes(nonce);
  applyCipher(methods().ctr, key_.bytes().data(), nonce.data(), plaintext, ciphertext.data());
  const auto mac = macOf(key_.bytes(), nonce, ciphertext);
  std::memcpy(out.data() + kNonceBytes + plaintext.size(), mac.data(), mac.size());
}

Bytes Box::seal(ByteView plaintext) const {
  Bytes out(plaintext.size() + kOverheadBytes);
  seal(plaintext, out);
  return out;
}

bool Box::open(ByteView sealed, MutableByteView out) const {
  if (sealed.size() < kOverheadBytes) return false;
  ENAMEL_CHECK(out.size() == sealed.size() - kOverheadBytes);
  const ByteView nonce = sealed.first(kNonceBytes);
  const ByteView ciphertext = sealed.subspan(kNonceBytes, out.size());
  const auto mac = macOf(key_.bytes(), nonce, ciphertext);
  if (CRYPTO_memcmp(mac.data(), sealed.data() + sealed.size() - kMacBytes, mac.size()) != 0) return false;
  applyCipher(methods().ctr, key_.bytes().data(), nonce.data(), ciphertext, out.data());
  return true;
}

}  // namespace enamel::crypto
