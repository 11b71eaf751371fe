#include "repository/go_quote.h"

#include <cstdint>

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
      out += raw.substr(0, length);
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
