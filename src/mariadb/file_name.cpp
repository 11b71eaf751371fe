#include "mariadb/file_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <unordered_map>

#include "base/error.h"
#include "mariadb/file_name_codes.h"

namespace enamel::mariadb {
namespace {

constexpr std::string_view kOldNamePrefix = "#mysql50#";
constexpr std::string_view kReservedSuffix = "@@@";
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool standsForItself(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// Two characters for the code point, empty if it is written in hexadecimal.
std::string_view shortCode(std::uint32_t point) {
  const auto* after =
      std::upper_bound(std::begin(kFileNameRanges), std::end(kFileNameRanges), point,
                       [](std::uint32_t p, const FileNameRange& range) { return p < range.first; });
  if (after == std::begin(kFileNameRanges)) return {};
  const FileNameRange& range = *std::prev(after);
  const std::size_t at = (point - range.first) * 2;
  return at < range.codes.size() ? range.codes.substr(at, 2) : std::string_view();
}

const std::unordered_map<std::string_view, std::uint32_t>& pointsByShortCode() {
  static const auto map = [] {
    std::unordered_map<std::string_view, std::uint32_t> points;
    for (const FileNameRange& range : kFileNameRanges) {
      for (std::size_t i = 0; i * 2 < range.codes.size(); ++i)
        points.emplace(range.codes.substr(i * 2, 2), range.first + static_cast<std::uint32_t>(i));
    }
    return points;
  }();
  return map;
}

// Takes one character off the front of text; nullopt if it is not UTF-8 of at most three bytes in its
// shortest form.
std::optional<std::uint32_t> takeUtf8(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  std::uint32_t point = byte(0);
  std::size_t length = 1;
  if (point >= 0x80) {
    if (point >= 0xC2 && point < 0xE0 && continues(1)) {
      point = (point & 0x1F) << 6 | (byte(1) & 0x3FU);
      length = 2;
    } else if (point >= 0xE0 && point < 0xF0 && continues(1) && continues(2)) {
      point = (point & 0x0F) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
      if (point < 0x800 || (point >= 0xD800 && point < 0xE000)) return std::nullopt;
      length = 3;
    } else {
      return std::nullopt;
    }
  }
  text.remove_prefix(length);
  return point;
}

void appendUtf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

// Names that Windows keeps for devices; the server avoids them everywhere.
bool isReserved(std::string_view stem) {
  static constexpr std::array<std::string_view, 4> kDevices{"con", "prn", "aux", "nul"};
  std::string lower(stem);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (std::find(kDevices.begin(), kDevices.end(), lower) != kDevices.end()) return true;
  return lower.size() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")) && lower[3] >= '1' &&
         lower[3] <= '9';
}

std::optional<std::uint32_t> hexPoint(std::string_view digits) {
  std::uint32_t point = 0;
  for (const char c : digits) {
    const auto at = kHexDigits.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    point = point << 4 | static_cast<std::uint32_t>(at);
  }
  return point;
}

}  // namespace

std::string encodeFileName(std::string_view name) {
  if (name.starts_with(kOldNamePrefix)) {
    const std::string_view raw = name.substr(kOldNamePrefix.size());
    if (raw.empty() || raw.front() == '.' ||
        raw.find_first_of(std::string_view("/\0", 2)) != std::string_view::npos)
      throw Error(ErrorCode::kCorrupt, "the server gave a table or database name that is no file's name");
    return std::string(raw);
  }
  std::string stem;
  stem.reserve(name.size() * 2);
  for (std::string_view rest = name; !rest.empty();) {
    if (standsForItself(rest.front())) {
      stem += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const auto point = takeUtf8(rest);
    if (!point || *point == 0)
      throw Error(ErrorCode::kCorrupt, "the server gave a table or database name that is not valid UTF-8");
    stem += '@';
    if (const auto code = shortCode(*point); !code.empty()) {
      stem += code;
    } else {
      for (const int shift : {12, 8, 4, 0}) stem += kHexDigits[*point >> shift & 0xF];
    }
  }
  if (isReserved(stem)) stem += kReservedSuffix;
  return stem;
}

std::optional<std::string> decodeFileName(std::string_view stem) {
  std::string name;
  for (std::string_view rest = stem; !rest.empty();) {
    if (standsForItself(rest.front())) {
      name += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    if (rest.front() != '@') return std::nullopt;
    if (rest == kReservedSuffix) break;
    if (rest.size() < 3) return std::nullopt;
    const auto& points = pointsByShortCode();
    if (const auto it = points.find(rest.substr(1, 2)); it != points.end()) {
      appendUtf8(name, it->second);
      rest.remove_prefix(3);
      continue;
    }
    if (rest.size() < 5) return std::nullopt;
    const auto point = hexPoint(rest.substr(1, 4));
    if (!point || *point == 0 || (*point >= 0xD800 && *point < 0xE000)) return std::nullopt;
    appendUtf8(name, *point);
    rest.remove_prefix(5);
  }
  // Only the one form the server writes counts: two stems never stand for one name.
  if (name.empty() || name.starts_with(kOldNamePrefix) || encodeFileName(name) != stem) return std::nullopt;
  return name;
}

}  // namespace enamel::mariadb
