#include "base/letter_case.h"

#include <gtest/gtest.h>

namespace enamel {
namespace {

TEST(LetterCase, KnowsTheAlphabetsOfEurope) {
  EXPECT_EQ(upperCase("azAZ09_-"), "AZAZ09_-");
  EXPECT_EQ(upperCase("àéñöøþÿ÷×ß"), "ÀÉÑÖØÞŸ÷×ß");
  EXPECT_EQ(upperCase("āčęłńőşťůžķĸıİ"), "ĀČĘŁŃŐŞŤŮŽĶĸıİ");
  EXPECT_EQ(upperCase("αωςσάέήίόύώϊϋ"), "ΑΩΣΣΆΈΉΊΌΎΏΪΫ");
  EXPECT_EQ(upperCase("абвяёђїўџґѣӂӑԯ"), "АБВЯЁЂЇЎЏҐѢӁӐԮ");
}

TEST(LetterCase, LeavesUpperCaseAsItIs) {
  for (const char* text : {"ÀÖØÞŸ", "ĀČŁŃŽ", "ΑΩΆΈΏΪ", "АЯЀЏҐ", "漢字", "😀", ""})
    EXPECT_EQ(upperCase(text), text);
}

TEST(LetterCase, TakesBytesThatAreNoUtf8AsTheyAre) {
  for (const char* text : {"\xC3", "\xFF\xFE", "A\x80", "\xE0\xA4", "\xC0\x80"})
    EXPECT_EQ(upperCase(text), text);
  EXPECT_EQ(upperCase("a\xC3"), "A\xC3");
}

TEST(LetterCase, FindsTheFirstCharacter) {
  EXPECT_EQ(firstCharacter("öz"), "ö");
  EXPECT_EQ(firstCharacter("oz"), "o");
  EXPECT_EQ(firstCharacter("漢字"), "漢");
  EXPECT_EQ(firstCharacter("😀x"), "😀");
  EXPECT_EQ(firstCharacter("\xC3"), "\xC3");
  EXPECT_EQ(firstCharacter("\xC3z"), "\xC3");
  EXPECT_EQ(firstCharacter(""), "");
}

}  // namespace
}  // namespace enamel
