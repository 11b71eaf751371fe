#include "jobs/recovery_words.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>

#include "base/file.h"
#include "base/trim.h"
#include "hash/sha256.h"

namespace enamel::jobs {
namespace {

constexpr std::array<std::string_view, 2048> kWords = {
#include "jobs/recovery_words.def"
};

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace

std::string randomRecoveryWords() {
  std::array<std::uint8_t, 2 * kRecoveryWords> random{};
  randomBytes(random);
  std::string words;
  for (std::size_t i = 0; i < kRecoveryWords; ++i) {
    // 2048 divides 65536: every word is as likely as any other.
    const std::size_t number = (random[2 * i] * 256U + random[2 * i + 1]) % kWords.size();
    words += (i == 0 ? "" : " ") + std::string(kWords[number]);
  }
  explicit_bzero(random.data(), random.size());
  return words;
}

std::vector<std::string> wordsOf(std::string_view password) {
  std::istringstream in{std::string(password)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

bool isSameWord(std::string_view typed, std::string_view word) {
  const bool any_case = std::binary_search(kWords.begin(), kWords.end(), word);
  const std::string_view bare = trimmed(typed);
  const std::string given = any_case ? lowerCase(bare) : std::string(bare);
  return Sha256::of(asBytes(given)) == Sha256::of(asBytes(word));
}

}  // namespace enamel::jobs
