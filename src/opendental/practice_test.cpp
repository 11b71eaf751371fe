#include "opendental/practice.h"

#include <gtest/gtest.h>

namespace enamel::opendental {
namespace {

TEST(DocumentPathTest, followsTheOriginalsRule) {
  EXPECT_EQ(documentPath("AdamsJohn1", "scan.jpg"), "A/AdamsJohn1/scan.jpg");
  EXPECT_EQ(documentPath("bellAnn2", "x.png"), "B/bellAnn2/x.png");
  EXPECT_EQ(documentPath("A1", "sub\\x.png"), "A/A1/sub/x.png");
}

// A letter may take more than one byte.
TEST(DocumentPathTest, takesTheFirstLetterWhateverTheAlphabet) {
  EXPECT_EQ(documentPath("ÖzTom17", "x.jpg"), "Ö/ÖzTom17/x.jpg");
  EXPECT_EQ(documentPath("özTom17", "x.jpg"), "Ö/özTom17/x.jpg");
  EXPECT_EQ(documentPath("éluardPaul3", "x.jpg"), "É/éluardPaul3/x.jpg");
  EXPECT_EQ(documentPath("ÑiquezAna4", "x.jpg"), "Ñ/ÑiquezAna4/x.jpg");
  EXPECT_EQ(documentPath("жуковЛев5", "x.jpg"), "Ж/жуковЛев5/x.jpg");
  EXPECT_EQ(documentPath("漢字6", "x.jpg"), "漢/漢字6/x.jpg");
}

TEST(DocumentPathTest, givesNoPathThatLeavesItsFolder) {
  for (const char* name : {"", "..", "../x", "a/../b", "/x", "x/", "a//b", "..\\x"}) {
    EXPECT_EQ(documentPath("A1", name), "") << name;
  }
  for (const char* folder : {"", ".", "..", "a/b"}) EXPECT_EQ(documentPath(folder, "x"), "") << folder;
}

}  // namespace
}  // namespace enamel::opendental
