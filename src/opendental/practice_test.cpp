#include "opendental/practice.h"

#include <gtest/gtest.h>

namespace enamel::opendental {
namespace {

TEST(DocumentPathTest, followsTheOriginalsRule) {
  EXPECT_EQ(documentPath("AdamsJohn1", "scan.jpg"), "A/AdamsJohn1/scan.jpg");
  EXPECT_EQ(documentPath("bellAnn2", "x.png"), "B/bellAnn2/x.png");
  EXPECT_EQ(documentPath("A1", "sub\\x.png"), "A/A1/sub/x.png");
}

TEST(DocumentPathTest, givesNoPathThatLeavesItsFolder) {
  for (const char* name : {"", "..", "../x", "a/../b", "/x", "x/", "a//b", "..\\x"}) {
    EXPECT_EQ(documentPath("A1", name), "") << name;
  }
  for (const char* folder : {"", ".", "..", "a/b"}) EXPECT_EQ(documentPath(folder, "x"), "") << folder;
}

}  // namespace
}  // namespace enamel::opendental
