#include "crypto/box.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.h"
#include "crypto/scrypt.h"

namespace enamel::crypto {
namespace {

Secret keyFrom(const std::string& hex) {
  const Bytes bytes = *fromHex(hex);
  Secret key(bytes.size());
  std::copy(bytes.begin(), bytes.end(), key.bytes().begin());
  return key;
}

// Bernstein's Poly1305-AES test vector (the paper's appendix B, third): the message is the ciphertext here,
// so it is put behind its nonce with its known MAC; opening must accept it, and nothing else.
TEST(Box, AcceptsThePapersMac) {
  const std::string cipher_key(64, '0');
  const Box box(
      keyFrom(cipher_key + "6acb5f61a7176dd320c5c1eb2edcdc74" + "48443d0bb0d21109c89a100b5ce2c208"));
  Bytes sealed = *fromHex("ae212a55399729595dea458bc621ff0e");
  const Bytes message = *fromHex("663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136");
  const Bytes mac = *fromHex("0ee1c16bb73f0f4fd19881753c01cdbe");
  sealed.insert(sealed.end(), message.begin(), message.end());
  sealed.insert(sealed.end(), mac.begin(), mac.end());
  Bytes out(message.size());
  EXPECT_TRUE(box.open(sealed, out));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 0x40;
    EXPECT_FALSE(box.open(changed, out)) << i;
  }
}

RC_GTEST_PROP(Box, WhatIsSealedOpens, (const std::string& text)) {
  const Box box(Box::generateKey());
  const Bytes sealed = box.seal(asBytes(text));
  RC_ASSERT(sealed.size() == text.size() + Box::kOverheadBytes);
  Bytes out(text.size());
  RC_ASSERT(box.open(sealed, out));
  RC_ASSERT(asText(out) == text);
  const Box other(Box::generateKey());
  RC_ASSERT(!other.open(sealed, out));
}

TEST(Box, RefusesWhatIsTooShort) {
  const Box box(Box::generateKey());
  Bytes out;
  EXPECT_FALSE(box.open(Bytes(31), out));
}

// RFC 7914 section 12.
TEST(Scrypt, GivesTheRfcsKeys) {
  EXPECT_EQ(toHex(scrypt(asBytes("password"), asBytes("NaCl"), 1024, 8, 16, 64).bytes()),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830da"
            "c727afb94a83ee6d"
            "8360cbdfa2cc0640");
}

TEST(Scrypt, RefusesImpossibleParameters) {
  EXPECT_THROW(scrypt({}, {}, 1000, 8, 1, 32), Error);
  EXPECT_THROW(scrypt({}, {}, 1ULL << 50, 8, 1, 32), Error);
}

}  // namespace
}  // namespace enamel::crypto
