#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace enamel::opendental {

// The forms of userod.Password, as Open Dental's published source (24.3) reads and writes them.
enum class PasswordKind : std::uint8_t {
  // '', "None$$", or a form whose hash is empty. Open Dental signs this user in without a password; here
  // nobody is, and has to be told: this user has no password, set one in Open Dental.
  kNone,
  // 24 characters of base64, or "MD5$salt$hash": base64(MD5(UTF-16LE(salt + password))).
  kMd5,
  // "MD5_ECW$...$hash": hexadecimal MD5 over the password's ASCII, without salt (practices with
  // eClinicalWorks).
  kMd5Ecw,
  // "SHA3_512$salt$hash": base64(SHA3-512(UTF-16LE(salt + password))), today's form.
  kSha3_512,
  // None of these: a form of a later version, or damage. No password matches here; Open Dental takes some of
  // them for no password.
  kUnreadable,
};

// A userod.Password taken apart.
struct StoredPassword {
  PasswordKind kind = PasswordKind::kUnreadable;
  std::string salt;  // UTF-8
  Bytes hash;        // 16 or 64 bytes; empty for kNone and kUnreadable
};

// Takes any bytes.
StoredPassword parseStoredPassword(std::string_view stored);

// Whether the typed password (UTF-8) is the stored one; hashes are compared in constant time. Never for an
// empty password, one of more than 1024 bytes or one that is not UTF-8, nor for kNone and kUnreadable. For
// kMd5Ecw never for one that is not ASCII: the original hashes a question mark for each such letter, so that
// any would match any. What is computed from the password is wiped. Throws Error(kUnsupported) where OpenSSL
// is set up to refuse the hash (MD5 in FIPS mode).
bool passwordMatches(const StoredPassword& stored, ByteView typed);

// userod.Password as Open Dental writes it today for this salt. Of no use to sign anybody in: Enamel sets no
// passwords in a practice; for sample data and tests.
std::string formatPassword(std::string_view salt, std::string_view password);

}  // namespace enamel::opendental
