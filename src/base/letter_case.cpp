#include "base/letter_case.h"

#include <cstddef>
#include <cstdint>

namespace enamel {
namespace {

bool isBetween(std::uint32_t point, std::uint32_t first, std::uint32_t last) {
  return point >= first && point <= last;
}

// Alphabets where each lower-case letter directly follows its upper-case one.
bool followsItsUpperCase(std::uint32_t point) {
  const bool odd = point % 2 == 1;
  if (isBetween(point, 0x101, 0x137)) return odd && point != 0x131;  // the dotless i is another's
  if (isBetween(point, 0x13A, 0x148)) return !odd;
  if (isBetween(point, 0x14B, 0x177)) return odd;
  if (isBetween(point, 0x17A, 0x17E)) return !odd;
  if (isBetween(point, 0x461, 0x481) || isBetween(point, 0x48B, 0x4BF)) return odd;
  if (isBetween(point, 0x4C2, 0x4CE)) return !odd;
  return isBetween(point, 0x4D1, 0x52F) && odd;
}

std::uint32_t upperCaseOf(std::uint32_t point) {
  if (isBetween(point, 'a', 'z')) return point - 32;
  if (isBetween(point, 0xE0, 0xFE) && point != 0xF7) return point - 32;
  if (point == 0xFF) return 0x178;
  if (followsItsUpperCase(point)) return point - 1;
  if (point == 0x3AC) return 0x386;
  if (isBetween(point, 0x3AD, 0x3AF)) return point - 37;
  if (point == 0x3C2) return 0x3A3;  // a sigma at the end of a word
  if (isBetween(point, 0x3B1, 0x3CB)) return point - 32;
  if (point == 0x3CC) return 0x38C;
  if (isBetween(point, 0x3CD, 0x3CE)) return point - 63;
  if (isBetween(point, 0x430, 0x44F)) return point - 32;
  if (isBetween(point, 0x450, 0x45F)) return point - 80;
  return point;
}

std::uint8_t byteAt(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

}  // namespace

std::string_view firstCharacter(std::string_view text) {
  if (text.empty()) return text;
  const std::uint8_t first = byteAt(text, 0);
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
  if (length > text.size()) return text.substr(0, 1);
  for (std::size_t i = 1; i < length; ++i)
    if ((byteAt(text, i) & 0xC0) != 0x80) return text.substr(0, 1);
  return text.substr(0, length);
}

std::string upperCase(std::string_view text) {
  std::string upper;
  upper.reserve(text.size());
  while (!text.empty()) {
    const std::string_view character = firstCharacter(text);
    text.remove_prefix(character.size());
    const std::uint8_t first = byteAt(character, 0);
    if (character.size() == 1 && first < 0x80) {
      upper += static_cast<char>(upperCaseOf(first));
    } else if (character.size() == 2) {
      const std::uint32_t point = upperCaseOf((first & 0x1FU) << 6 | (byteAt(character, 1) & 0x3FU));
      upper += static_cast<char>(0xC0 | point >> 6);
      upper += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      upper += character;
    }
  }
  return upper;
}

}  // namespace enamel
