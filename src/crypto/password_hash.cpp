#include "crypto/password_hash.h"

#include <sodium.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include "base/error.h"

namespace enamel::crypto {
namespace {

constexpr std::uint64_t kPassesMax = 64;
constexpr std::uint64_t kMemoryKibMax = 1U << 20;

// Safe to call from several threads, and more than once.
void initialise() {
  ENAMEL_CHECK(sodium_init() >= 0);
}

const char* chars(ByteView bytes) {
  return reinterpret_cast<const char*>(bytes.data());
}

struct StoredCost {
  std::uint64_t memory_kib = 0;
  std::uint64_t passes = 0;
};

// Takes "NAME123" from the front of text.
std::optional<std::uint64_t> takeNumber(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// libsodium would take whatever cost the text asks for.
std::optional<StoredCost> costOf(std::string_view stored) {
  if (stored.size() >= crypto_pwhash_STRBYTES || stored.find('\0') != std::string_view::npos) return {};
  const auto version = takeNumber(stored, "$argon2id$v=");
  const auto memory_kib = takeNumber(stored, "$m=");
  const auto passes = takeNumber(stored, ",t=");
  const auto lanes = takeNumber(stored, ",p=");
  if (!version || !memory_kib || !passes || lanes != 1) return {};
  return StoredCost{.memory_kib = *memory_kib, .passes = *passes};
}

Error notEnoughMemory() {
  return Error(ErrorCode::kLimit, "there is not enough memory to check a password",
               "Argon2id needs 64 MiB for each");
}

}  // namespace

std::string hashPassword(ByteView password, const PasswordCost& cost) {
  if (password.empty()) throw Error(ErrorCode::kUsage, "a password may not be empty");
  if (password.size() > kPasswordBytesMax) {
    throw Error(ErrorCode::kUsage,
                "a password may not have more than " + std::to_string(kPasswordBytesMax) + " bytes");
  }
  initialise();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), chars(password), password.size(), cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw notEnoughMemory();
  }
  return text.data();
}

bool verifyPassword(std::string_view stored, ByteView password) {
  const auto cost = costOf(stored);
  if (!cost || password.empty() || password.size() > kPasswordBytesMax) return false;
  if (cost->memory_kib > kMemoryKibMax || cost->passes > kPassesMax) {
    throw Error(ErrorCode::kLimit, "a stored password asks for more memory or time than Enamel grants it");
  }
  initialise();
  const std::string text(stored);
  errno = 0;
  if (crypto_pwhash_str_verify(text.c_str(), chars(password), password.size()) == 0) return true;
  if (errno == ENOMEM) throw notEnoughMemory();
  return false;
}

bool needsRehash(std::string_view stored, const PasswordCost& cost) {
  if (!costOf(stored)) return true;
  initialise();
  return crypto_pwhash_str_needs_rehash(std::string(stored).c_str(), cost.passes, cost.memory_bytes) != 0;
}

}  // namespace enamel::crypto
