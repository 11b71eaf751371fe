#include "opendental/utf16.h"

#include <cstdint>
#include <optional>

#include "base/error.h"

namespace enamel::opendental {
namespace {

constexpr char32_t kReplacement = 0xfffd;

// The code point that begins at `at`, which is moved behind it; nullopt if none begins there, `at` is then
// moved behind the bytes that looked like one.
std::optional<char32_t> nextCodePoint(std::string_view text, std::size_t& at) {
  const auto first = static_cast<std::uint8_t>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more == 0 || first > 0xf4) return std::nullopt;
  char32_t value = first & (0x3fU >> more);
  for (int i = 0; i < more; ++i) {
    if (at == text.size() || (static_cast<std::uint8_t>(text[at]) & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (static_cast<std::uint8_t>(text[at++]) & 0x3f);
  }
  const bool overlong = (more == 2 && value < 0x800) || (more == 3 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value < 0xe000;
  if (overlong || surrogate || value > 0x10ffff) return std::nullopt;
  return value;
}

}  // namespace

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!nextCodePoint(text, at)) return false;
  }
  return true;
}

std::size_t writeUtf16(std::string_view text, MutableByteView out) {
  ENAMEL_CHECK(out.size() / 2 >= text.size());
  std::size_t written = 0;
  const auto write = [&](char32_t unit) {
    out[written++] = static_cast<std::uint8_t>(unit & 0xff);
    out[written++] = static_cast<std::uint8_t>(unit >> 8);
  };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t value = nextCodePoint(text, at).value_or(kReplacement);
    if (value < 0x10000) {
      write(value);
    } else {
      write(0xd800 + ((value - 0x10000) >> 10));
      write(0xdc00 + ((value - 0x10000) & 0x3ff));
    }
  }
  return written;
}

std::string utf16FromUtf8(std::string_view text) {
  Bytes out(2 * text.size());
  out.resize(writeUtf16(text, out));
  return std::string(asText(out));
}

}  // namespace enamel::opendental
