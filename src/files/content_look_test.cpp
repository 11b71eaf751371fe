#include "files/content_look.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace enamel::files {
namespace {

Bytes random(std::size_t size, unsigned seed) {
  std::mt19937 engine(seed);
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

TEST(ContentLook, randomBytesLookScrambled) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    EXPECT_TRUE(looksScrambled(random(4096, seed))) << seed;
    EXPECT_TRUE(looksScrambled(random(1024, seed))) << seed;
  }
  EXPECT_TRUE(looksScrambled(random(1 << 20, 1)));
}

TEST(ContentLook, whatIsTooShortSaysNothing) {
  EXPECT_FALSE(looksScrambled({}));
  EXPECT_FALSE(looksScrambled(random(1023, 1)));
}

TEST(ContentLook, knownKindsDoNotWhateverFollows) {
  for (const std::string& magic :
       {std::string("\xFF\xD8\xFF\xE0"), std::string("\x89PNG\r\n"), std::string("II*\0", 4),
        std::string("BM"), std::string("%PDF-1.7"), std::string("PK\3\4"), std::string("\xD0\xCF\x11\xE0"),
        std::string("RIFF"),
        std::string("\xFD"
                    "7zXZ"),
        std::string("\0\0\0\x0CjP  ", 8)}) {
    Bytes bytes = random(4096, 3);
    std::copy(magic.begin(), magic.end(), bytes.begin());
    EXPECT_FALSE(looksScrambled(bytes)) << magic;
  }
  Bytes dicom = random(4096, 4);
  const std::string magic = "DICM";
  std::copy(magic.begin(), magic.end(), dicom.begin() + 128);
  EXPECT_FALSE(looksScrambled(dicom));
}

TEST(ContentLook, textsAndRawImagesDoNot) {
  Bytes text;
  while (text.size() < 4096)
    for (const char c : std::string("Patient has a toothache, upper left. "))
      text.push_back(static_cast<std::uint8_t>(c));
  EXPECT_FALSE(looksScrambled(text));
  Bytes grey(4096);
  std::mt19937 engine(1);
  std::normal_distribution<double> noise(0, 12);
  for (std::size_t i = 0; i < grey.size(); ++i)
    grey[i] = static_cast<std::uint8_t>(
        std::lround(128 + 60 * std::sin(static_cast<double>(i) / 300) + noise(engine)));
  EXPECT_FALSE(looksScrambled(grey));
  EXPECT_FALSE(looksScrambled(Bytes(4096)));
}

TEST(ContentLook, aMarkTellsContentsApart) {
  repository::BlobId a, b;
  a.bytes[0] = 1;
  b.bytes[0] = 2;
  EXPECT_EQ(contentMark({a, b}), contentMark({a, b}));
  EXPECT_NE(contentMark({a, b}), contentMark({b, a}));
  EXPECT_NE(contentMark({a}), contentMark({a, a}));
  EXPECT_NE(contentMark({}), contentMark({repository::BlobId()}));
}

}  // namespace
}  // namespace enamel::files
