#include "mariadb/restore_names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"
#include "hash/sha256.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kNameCharactersMax = 64;
constexpr std::string_view kSuffix = "__enamel_restoring";

// Bytes of the first `count` characters of UTF-8 text; all of it if there are fewer.
std::size_t prefixBytes(std::string_view text, std::size_t count) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (count-- == 0) return i;
  }
  return i;
}

}  // namespace

void requireDatabaseName(std::string_view name) {
  const auto refuse = [&](const char* why) {
    throw Error(ErrorCode::kUsage, "a database cannot be named '" + std::string(name) + "': " + why,
                "choose another name with --as NAME");
  };
  if (name.empty()) refuse("the name is empty");
  if (prefixBytes(name, kNameCharactersMax) < name.size()) refuse("it is longer than 64 characters");
  if (name.back() == ' ') refuse("it ends with a space");
  if (name.size() >= kSuffix.size() && name.substr(name.size() - kSuffix.size()) == kSuffix) {
    refuse("names that end so are those of restores under way");
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0xF0) {
      refuse("it holds a character that MariaDB does not allow in names");
    }
  }
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::array<std::string_view, 4> kSystem{"mysql", "information_schema",
                                                           "performance_schema", "sys"};
  if (std::find(kSystem.begin(), kSystem.end(), lower) != kSystem.end()) refuse("it is the server's own");
}

std::string workingDatabaseName(std::string_view target) {
  std::string name(target);
  if (prefixBytes(target, kNameCharactersMax - kSuffix.size()) < target.size()) {
    const std::string hash = "_" + Sha256::of(asBytes(target)).shortHex();
    name =
        std::string(target.substr(0, prefixBytes(target, kNameCharactersMax - kSuffix.size() - hash.size())));
    name += hash;
  }
  return name + std::string(kSuffix);
}

}  // namespace enamel::mariadb
