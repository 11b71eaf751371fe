#include "opendental/utf16.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace enamel::opendental {
namespace {

using namespace std::string_literals;

TEST(Utf16Test, writesUtf16LittleEndian) {
  EXPECT_EQ(utf16FromUtf8(""), "");
  EXPECT_EQ(utf16FromUtf8("A\xc3\xbc"), "A\0\xfc\0"s);
  EXPECT_EQ(utf16FromUtf8("\xe2\x82\xac"), "\xac\x20"s);
  EXPECT_EQ(utf16FromUtf8("\xf0\x9f\xa6\xb7"), "\x3e\xd8\xb7\xdd"s);
  EXPECT_EQ(utf16FromUtf8("\xf4\x8f\xbf\xbf"), "\xff\xdb\xff\xdf"s);
}

TEST(Utf16Test, replacesWhatIsNotUtf8) {
  EXPECT_EQ(utf16FromUtf8("\xff"), "\xfd\xff"s);
  EXPECT_EQ(utf16FromUtf8("\xe2\x82"), "\xfd\xff"s);
  EXPECT_EQ(utf16FromUtf8("\xe2"
                          "A"),
            "\xfd\xff"
            "A\0"s);
}

TEST(Utf16Test, knowsWhatIsUtf8) {
  for (const char* text : {"", "abc", "ü", "€", "😀", "\xf4\x8f\xbf\xbf", "\xef\xbf\xbf", "\xed\x9f\xbf"}) {
    EXPECT_TRUE(isUtf8(text)) << text;
  }
  for (const char* text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",  // overlong
        "\xed\xa0\x80", "\xed\xbf\xbf",                                      // surrogates
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\xa6", "\xc3\x28"}) {
    EXPECT_FALSE(isUtf8(text)) << ::testing::PrintToString(std::string(text));
  }
}

std::string utf8Of(char32_t point) {
  std::string out;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | (point >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0 | (point >> 18));
    tail(12), tail(6), tail(0);
  }
  return out;
}

// Every code point is UTF-8 and comes back as one unit or a pair of surrogates that mean it.
RC_GTEST_PROP(Utf16Law, everyCodePointHasItsUnits, ()) {
  const auto point = static_cast<char32_t>(*rc::gen::inRange(0, 0x110000));
  if (point >= 0xd800 && point < 0xe000) RC_DISCARD("a surrogate");
  const std::string text = utf8Of(point);
  RC_ASSERT(isUtf8(text));
  const std::string units = utf16FromUtf8(text);
  const auto unit = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(units.at(2 * i)) |
                                 static_cast<unsigned char>(units.at(2 * i + 1)) << 8);
  };
  if (units.size() == 2) {
    RC_ASSERT(unit(0) == point);
  } else {
    RC_ASSERT(units.size() == 4U);
    RC_ASSERT(unit(0) >= 0xd800U && unit(0) < 0xdc00U && unit(1) >= 0xdc00U && unit(1) < 0xe000U);
    RC_ASSERT(0x10000 + ((unit(0) - 0xd800) << 10) + (unit(1) - 0xdc00) == point);
  }
}

// Any bytes are taken, and never make more than two bytes each.
RC_GTEST_PROP(Utf16Law, anyBytesFit, (const std::string& text)) {
  RC_ASSERT(utf16FromUtf8(text).size() <= 2 * text.size());
}

}  // namespace
}  // namespace enamel::opendental
