#include "opendental/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.h"
#include "crypto/secret.h"
#include "opendental/utf16.h"

namespace enamel::opendental {
namespace {

// The column is a varchar(255); a column of another type may hold anything.
constexpr std::size_t kStoredBytesMax = 1024;
constexpr std::size_t kTypedBytesMax = 1024;
constexpr std::size_t kMd5Bytes = 16;
constexpr std::size_t kSha3Bytes = 64;
constexpr std::size_t kMd5Base64Characters = 24;

crypto::Secret digest(const EVP_MD* algorithm, ByteView input) {
  crypto::Secret out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)));
  if (EVP_Digest(input.data(), input.size(), out.bytes().data(), nullptr, algorithm, nullptr) != 1) {
    throw Error(ErrorCode::kUnsupported,
                std::string("OpenSSL refuses ") + EVP_MD_get0_name(algorithm) + ", which a password needs",
                "this machine's OpenSSL may be in FIPS mode; setting the password in Open Dental again "
                "stores it with SHA3-512");
  }
  return out;
}

// H(UTF-16LE(salt + password)).
crypto::Secret saltedDigest(const EVP_MD* algorithm, std::string_view salt, std::string_view password) {
  crypto::Secret input(2 * (salt.size() + password.size()));
  std::size_t size = writeUtf16(salt, input.bytes());
  size += writeUtf16(password, input.bytes().subspan(size));
  return digest(algorithm, input.bytes().first(size));
}

bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

StoredPassword readable(PasswordKind kind, std::string_view salt, std::optional<Bytes> hash,
                        std::size_t hash_size) {
  if (!hash || hash->size() != hash_size || !isUtf8(salt)) return {};
  return {.kind = kind, .salt = std::string(salt), .hash = std::move(*hash)};
}

}  // namespace

StoredPassword parseStoredPassword(std::string_view stored) {
  StoredPassword none{.kind = PasswordKind::kNone};
  if (stored.empty() || stored == "None$$") return none;
  if (stored.size() > kStoredBytesMax) return {};
  const std::size_t first = stored.find('$');
  if (first == std::string_view::npos) {
    if (stored.size() != kMd5Base64Characters) return {};
    return readable(PasswordKind::kMd5, "", fromBase64(stored), kMd5Bytes);
  }
  const std::size_t second = stored.find('$', first + 1);
  if (second == std::string_view::npos || stored.find('$', second + 1) != std::string_view::npos) return {};
  const std::string_view kind = stored.substr(0, first);
  const std::string_view salt = stored.substr(first + 1, second - first - 1);
  const std::string_view hash = stored.substr(second + 1);
  if (kind != "MD5" && kind != "MD5_ECW" && kind != "SHA3_512") return {};
  if (hash.empty()) return none;
  if (kind == "MD5") return readable(PasswordKind::kMd5, salt, fromBase64(hash), kMd5Bytes);
  if (kind == "MD5_ECW") return readable(PasswordKind::kMd5Ecw, salt, fromHex(hash), kMd5Bytes);
  return readable(PasswordKind::kSha3_512, salt, fromBase64(hash), kSha3Bytes);
}

bool passwordMatches(const StoredPassword& stored, ByteView typed) {
  const std::string_view password = asText(typed);
  if (password.empty() || password.size() > kTypedBytesMax || !isUtf8(password)) return false;
  crypto::Secret computed;
  switch (stored.kind) {
    case PasswordKind::kNone:
    case PasswordKind::kUnreadable:
      return false;
    case PasswordKind::kMd5:
      computed = saltedDigest(EVP_md5(), stored.salt, password);
      break;
    case PasswordKind::kMd5Ecw:
      if (!isAscii(password)) return false;
      computed = digest(EVP_md5(), typed);
      break;
    case PasswordKind::kSha3_512:
      computed = saltedDigest(EVP_sha3_512(), stored.salt, password);
      break;
  }
  return computed.size() == stored.hash.size() &&
         CRYPTO_memcmp(computed.bytes().data(), stored.hash.data(), computed.size()) == 0;
}

std::string formatPassword(std::string_view salt, std::string_view password) {
  return "SHA3_512$" + std::string(salt) + '$' +
         toBase64(saltedDigest(EVP_sha3_512(), salt, password).bytes());
}

}  // namespace enamel::opendental
