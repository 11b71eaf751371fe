#include "base/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace enamel {
namespace {

std::string textOf(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(asText(*bytes)) : "(none)";
}

TEST(Hex, WritesLowerCaseAndReadsBoth) {
  EXPECT_EQ(toHex(asBytes(std::string_view("\x00\x7f\x80\xff", 4))), "007f80ff");
  EXPECT_EQ(textOf(fromHex("4a4B")), "JK");
  EXPECT_EQ(textOf(fromHex("")), "");
}

TEST(Hex, RefusesWhatIsNone) {
  for (const char* text : {"a", "abc", "0g", "g0", "0x12", " 12", "1 ", "\xc3\xa4"})
    EXPECT_FALSE(fromHex(text)) << text;
}

// RFC 4648 section 10.
const std::vector<std::pair<std::string, std::string>> kBase64Vectors = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(Base64, Rfc4648Vectors) {
  for (const auto& [plain, encoded] : kBase64Vectors) {
    EXPECT_EQ(toBase64(asBytes(plain)), encoded);
    EXPECT_EQ(textOf(fromBase64(encoded)), plain);
  }
  EXPECT_EQ(toBase64(asBytes("\xfb\xff\xfe")), "+//+");
}

// One text for one value: a form that decodes to the same bytes would give a file two names.
TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "====", "=g==", "Zh==", "Zm9=", "Z=g=", "Zm9v=",
                           "Zg==Zg==", "Zm9v\n", "Zm-_", "Zm9 ", "\xc3\xa4zz"})
    EXPECT_FALSE(fromBase64(text)) << text;
}

RC_GTEST_PROP(Hex, WhatGoesInComesOut, (const std::vector<std::uint8_t>& data)) {
  const std::string text = toHex(data);
  RC_ASSERT(text.size() == 2 * data.size());
  const auto back = fromHex(text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(toBytes(data) == *back);
}

RC_GTEST_PROP(Base64, WhatGoesInComesOut, (const std::vector<std::uint8_t>& data)) {
  const std::string text = toBase64(data);
  RC_ASSERT(text.size() == (data.size() + 2) / 3 * 4);
  const auto back = fromBase64(text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(toBytes(data) == *back);
}

RC_GTEST_PROP(Base64, WhatDecodesIsWhatEncodingWouldHaveWritten, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::element('A', 'B', 'g', 'w', 'Q', '/', '+', '='));
  if (const auto bytes = fromBase64(text)) RC_ASSERT(toBase64(*bytes) == text);
}

RC_GTEST_PROP(LittleEndian, StoreAndLoadAreInverse, (std::uint32_t value)) {
  std::uint8_t raw[5] = {};
  storeLe32(raw + 1, value);  // unaligned on purpose
  RC_ASSERT(loadLe32(raw + 1) == value);
  RC_ASSERT(raw[1] == (value & 0xff));
}

TEST(FormatSize, IsShortAndRight) {
  EXPECT_EQ(formatSize(0), "0 B");
  EXPECT_EQ(formatSize(1023), "1023 B");
  EXPECT_EQ(formatSize(1024), "1.0 KiB");
  EXPECT_EQ(formatSize(1536), "1.5 KiB");
  EXPECT_EQ(formatSize(1ULL << 30), "1.0 GiB");
  EXPECT_EQ(formatSize(~0ULL), "16384.0 PiB");
}

TEST(Bytes, CountsForPeople) {
  EXPECT_EQ(formatCount(0), "0");
  EXPECT_EQ(formatCount(999), "999");
  EXPECT_EQ(formatCount(1000), "1,000");
  EXPECT_EQ(formatCount(1234567), "1,234,567");
  EXPECT_EQ(formatCount(1, "file"), "1 file");
  EXPECT_EQ(formatCount(0, "file"), "0 files");
}

TEST(Bytes, ResizeKeepsWhatIsThere) {
  Bytes bytes = toBytes(asBytes("abc"));
  bytes.resize(100'000);
  EXPECT_EQ(asText(ByteView(bytes).first(3)), "abc");
}

}  // namespace
}  // namespace enamel
