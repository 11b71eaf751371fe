#include "mariadb/restore_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/error.h"
#include "base/letter_case.h"
#include "hash/sha256.h"
#include "mariadb/file_name.h"

namespace enamel::mariadb {
namespace {

constexpr std::size_t kNameCharactersMax = 64;
constexpr std::string_view kSuffix = "__enamel_restoring";
constexpr std::string_view kOldNamePrefix = "#mysql50#";

// Bytes of the first `count` characters of UTF-8 text; all of it if there are fewer.
std::size_t prefixBytes(std::string_view text, std::size_t count) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (count-- == 0) return i;
  }
  return i;
}

// Bytes instead of characters where it is no UTF-8 that a name may hold.
std::string legalName(std::string_view old_name) {
  while (old_name.substr(0, kOldNamePrefix.size()) == kOldNamePrefix)
    old_name.remove_prefix(kOldNamePrefix.size());
  std::string name(old_name);
  bool encodable = true;
  try {
    (void)encodeFileName(name);
  } catch (const Error&) {
    encodable = false;
  }
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (!encodable && byte >= 0x80)) c = '_';
  }
  return name.empty() ? "table" : name;
}

// `name` with `end`, as many of its characters as there is room for.
std::string shortened(std::string_view name, std::string_view end) {
  std::string text(name.substr(0, prefixBytes(name, kNameCharactersMax - end.size())));
  text += end;
  if (text.back() == ' ') text.back() = '_';
  return text;
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
  if (name.substr(0, kOldNamePrefix.size()) == kOldNamePrefix)
    refuse("it stands for the name of a folder, which the server can read but not make");
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

std::map<std::string, std::string> replacedTableNames(const std::vector<std::string>& all) {
  std::set<std::string> taken;
  for (const std::string& name : all) taken.insert(upperCase(name));
  std::map<std::string, std::string> replaced;
  for (const std::string& name : all) {
    if (name.substr(0, kOldNamePrefix.size()) != kOldNamePrefix) continue;
    const std::string legal = legalName(name);
    std::string with = shortened(legal, "");
    for (std::size_t n = 2; !taken.insert(upperCase(with)).second; ++n)
      with = shortened(legal, " (" + std::to_string(n) + ")");
    replaced.emplace(name, with);
  }
  return replaced;
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
