#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace enamel::crypto {

// Passwords of local administrators, as something that may lie in a file: Argon2id (RFC 9106) by libsodium,
// in its own text form "$argon2id$v=19$m=65536,t=3,p=1$salt$hash" with a random salt of 16 bytes.
// Thread-safe; each call takes PasswordCost::memory_bytes and, with the default, some 0.3 s of one CPU:
// whoever serves several callers bounds how many run at once. Nothing of a password is in an error's text.

// What a guess costs. The default is the second recommended option of RFC 9106 section 4 (3 passes over
// 64 MiB), but with one lane, which is what libsodium computes; it is above the OWASP Password Storage Cheat
// Sheet's minimum (19 MiB, 2 passes, 1 lane).
struct PasswordCost {
  std::uint64_t passes = 3;
  std::size_t memory_bytes = 64U << 20;

  // The least that libsodium computes, for tests.
  static PasswordCost cheap() { return {.passes = 1, .memory_bytes = 8192}; }
};

// The most bytes that a password may have.
inline constexpr std::size_t kPasswordBytesMax = 1024;

// Throws Error(kUsage) for a password that is empty or longer than kPasswordBytesMax, Error(kLimit) where
// there is not enough memory.
std::string hashPassword(ByteView password, const PasswordCost& cost = {});

// Whether the password is the one of the stored text; compared in constant time. false for a text that is
// none of hashPassword()'s. Throws Error(kLimit) where there is not enough memory, or the text asks for more
// than 1 GiB or 64 passes.
bool verifyPassword(std::string_view stored, ByteView password);

// Whether the text was made with another cost (or is none): to be made again when its password is next at
// hand.
bool needsRehash(std::string_view stored, const PasswordCost& cost = {});

}  // namespace enamel::crypto
