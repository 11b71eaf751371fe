#include "repository/go_quote.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace enamel::repository {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void appendUtf8(std::string& out, std::uint32_t rune) {
  if (rune < 0x80) {
    out += static_cast<char>(rune);
  } else if (rune < 0x800) {
    out += static_cast<char>(0xC0 | rune >> 6);
    out += static_cast<char>(0x80 | (rune & 0x3F));
  } else if (rune < 0x10000) {
    out += static_cast<char>(0xE0 | rune >> 12);
    out += static_cast<char>(0x80 | (rune >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (rune & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | rune >> 18);
    out += static_cast<char>(0x80 | (rune >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (rune >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (rune & 0x3F));
  }
}

// REQUIRES: text begins with a valid sequence of that length.
std::uint32_t runeOf(std::string_view text, std::size_t length) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<std::uint8_t>(text[i]));
  };
  std::uint32_t rune = length == 1 ? at(0) : at(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) rune = rune << 6 | (at(i) & 0x3F);
  return rune;
}

// What Unicode calls control, format, separator or private use, what is no character, and the planes that
// nothing is assigned to: Go's strconv.IsPrint is false for them.
struct RuneRange {
  std::uint32_t first, last;
};
constexpr std::array<RuneRange, 28> kUnprintable = {{
    {0x80, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},      {0x61C, 0x61C},     {0x6DD, 0x6DD},
    {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},      {0x1680, 0x1680},   {0x180E, 0x180E},
    {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},    {0x3000, 0x3000},   {0xE000, 0xF8FF},
    {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},    {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD},
    {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},  {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF},
    {0x2FFFE, 0x2FFFF}, {0x3FFFE, 0xE00FF}, {0xE01F0, 0x10FFFF},
}};

bool isPrintable(std::uint32_t rune) {
  const auto range = std::lower_bound(kUnprintable.begin(), kUnprintable.end(), rune,
                                      [](const RuneRange& r, std::uint32_t value) { return r.last < value; });
  return range == kUnprintable.end() || rune < range->first;
}

void appendHex(std::string& out, std::uint32_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) out += kHexDigits[value >> (4 * i) & 15];
}

// Reads `count` digits of the base at the front of text; nullopt if they are not there.
std::optional<std::uint32_t> takeDigits(std::string_view& text, std::size_t count, std::uint32_t base) {
  if (text.size() < count) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[i];
    std::uint32_t digit = base;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  text.remove_prefix(count);
  return value;
}

char simpleEscape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
      return '\\';
    case '"':
      return '"';
    default:
      return '\0';
  }
}

// One escape sequence, text after the backslash. False if it is none.
bool takeEscape(std::string_view& text, std::string& out) {
  if (text.empty()) return false;
  const char kind = text.front();
  if (const char c = simpleEscape(kind); c != '\0') {
    text.remove_prefix(1);
    out += c;
    return true;
  }
  if (kind >= '0' && kind <= '7') {
    const auto value = takeDigits(text, 3, 8);
    if (!value || *value > 255) return false;
    out += static_cast<char>(*value);
    return true;
  }
  text.remove_prefix(1);
  if (kind == 'x') {
    const auto value = takeDigits(text, 2, 16);
    if (value) out += static_cast<char>(*value);
    return value.has_value();
  }
  if (kind == 'u' || kind == 'U') {
    const auto value = takeDigits(text, kind == 'u' ? 4 : 8, 16);
    if (!value || *value > 0x10FFFF || (*value >= 0xD800 && *value < 0xE000)) return false;
    appendUtf8(out, *value);
    return true;
  }
  return false;
}

}  // namespace

std::size_t utf8SequenceLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
  const bool out_of_range = (lead == 0xED && at(1) >= 0xA0) || (lead == 0xF4 && at(1) >= 0x90);
  return overlong || out_of_range ? 0 : length;
}

bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string goQuote(std::string_view raw) {
  static constexpr char kControls[] = "\a\b\f\n\r\t\v";
  static constexpr char kLetters[] = "abfnrtv";
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const std::size_t length = utf8SequenceLength(raw);
    const char c = raw.front();
    const auto byte = static_cast<std::uint8_t>(c);
    if (length > 1) {
      const std::uint32_t rune = runeOf(raw, length);
      if (isPrintable(rune)) {
        out += raw.substr(0, length);
      } else {
        out += rune < 0x10000 ? "\\u" : "\\U";
        appendHex(out, rune, rune < 0x10000 ? 4 : 8);
      }
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (const char* control = c != '\0' ? std::strchr(kControls, c) : nullptr; control != nullptr) {
      out += {'\\', kLetters[control - kControls]};
    } else if (length == 0 || byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
    } else {
      out += c;
    }
    raw.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

void appendGoJson(std::string& out, std::string_view text, std::string_view invalid) {
  static constexpr char kControls[] = "\b\f\n\r\t\"\\";
  static constexpr char kLetters[] = "bfnrt\"\\";
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8SequenceLength(text);
    const char c = text.front();
    const std::uint32_t rune = length == 0 ? 0 : runeOf(text, length);
    if (length == 0) {
      out += invalid;
    } else if (const char* control = c != '\0' ? std::strchr(kControls, c) : nullptr; control != nullptr) {
      out += {'\\', kLetters[control - kControls]};
    } else if (rune < 0x20 || c == '&' || c == '<' || c == '>' || rune == 0x2028 || rune == 0x2029) {
      out += "\\u";
      appendHex(out, rune, 4);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

std::optional<std::string> goUnquote(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    if (c == '"' || c == '\n') return std::nullopt;
    text.remove_prefix(1);
    if (c != '\\') {
      out += c;
    } else if (!takeEscape(text, out)) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace enamel::repository
