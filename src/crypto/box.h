#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "crypto/secret.h"

namespace enamel::crypto {

// restic's authenticated encryption: AES-256-CTR with a random 16-byte nonce, then Poly1305-AES over the
// ciphertext. Layout: nonce || ciphertext || MAC. Format: restic's design document, "Keys, Encryption and
// MAC".
class Box {
 public:
  static constexpr std::size_t kNonceBytes = 16;
  static constexpr std::size_t kMacBytes = 16;
  static constexpr std::size_t kOverheadBytes = kNonceBytes + kMacBytes;
  // Cipher key (32), then the MAC's k (16) and r (16).
  static constexpr std::size_t kKeyBytes = 64;

  // REQUIRES: key.size() == kKeyBytes.
  explicit Box(Secret key);
  // A fresh random key.
  static Secret generateKey();

  // out receives plaintext.size() + kOverheadBytes bytes; must not overlap plaintext. Thread-safe.
  void seal(ByteView plaintext, MutableByteView out) const;
  Bytes seal(ByteView plaintext) const;

  // False if the MAC does not fit (wrong key or changed bytes); out (sealed.size() - kOverheadBytes bytes) is
  // then untouched. Also false for anything shorter than kOverheadBytes. Thread-safe.
  [[nodiscard]] bool open(ByteView sealed, MutableByteView out) const;

  ByteView key() const { return key_.bytes(); }

 private:
  Secret key_;
};

}  // namespace enamel::crypto
