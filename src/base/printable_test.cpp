#include "base/printable.h"

#include <gtest/gtest.h>

namespace enamel {
namespace {

// A file's name must not be able to drive the terminal or to look like two lines.
TEST(Printable, HasNoControlCharacters) {
  EXPECT_EQ(printable("a\nb\tc\x1b[2Jd\x7f"), "a\\nb\\tc\\x1b[2Jd\\x7f");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "2Jb\xC2\x80"),
            "a\\x9b2Jb\\x80");
}

TEST(Printable, LeavesTextAsItIs) {
  EXPECT_EQ(printable("M\xC3\xBCller \xC2\xA7 5"), "M\xC3\xBCller \xC2\xA7 5");
  EXPECT_EQ(printable("cut off \xC2"), "cut off \xC2");
}

}  // namespace
}  // namespace enamel
