#include "sample/open_dental_hash.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "hash/sha256.h"

namespace enamel::sample {
namespace {

constexpr char32_t kReplacement = 0xfffd;

// The code point that begins at `at`, which is moved behind it.
char32_t nextCodePoint(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more == 0 || first > 0xf4) return kReplacement;
  char32_t value = first & (0x3fU >> more);
  for (int i = 0; i < more; ++i) {
    if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80) return kReplacement;
    value = value << 6 | (static_cast<unsigned char>(text[at++]) & 0x3f);
  }
  return value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? kReplacement : value;
}

void appendUnit(std::string& out, char32_t unit) {
  out += static_cast<char>(unit & 0xff);
  out += static_cast<char>(unit >> 8);
}

}  // namespace

std::string utf16FromUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (std::size_t at = 0; at < text.size();) {
    const char32_t value = nextCodePoint(text, at);
    if (value < 0x10000) {
      appendUnit(out, value);
    } else {
      appendUnit(out, 0xd800 + ((value - 0x10000) >> 10));
      appendUnit(out, 0xdc00 + ((value - 0x10000) & 0x3ff));
    }
  }
  return out;
}

std::string passwordHash(std::string_view salt, std::string_view password) {
  const std::string input = utf16FromUtf8(std::string(salt) + std::string(password));
  std::array<std::uint8_t, 64> digest{};
  ENAMEL_CHECK(EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha3_512(), nullptr) == 1);
  return toBase64(digest);
}

std::string passwordField(std::string_view salt, std::string_view password) {
  return "SHA3_512$" + std::string(salt) + '$' + passwordHash(salt, password);
}

std::string logHash(std::string_view fields) {
  return toBase64(Sha256::of(asBytes(utf16FromUtf8(fields))).bytes);
}

}  // namespace enamel::sample
