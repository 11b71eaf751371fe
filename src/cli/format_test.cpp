#include "cli/format.h"

#include <gtest/gtest.h>

namespace enamel::cli {
namespace {

TEST(Format, Times) {
  EXPECT_EQ(formatDuration(-1), "0:00");
  EXPECT_EQ(formatDuration(67.9), "1:07");
  EXPECT_EQ(formatDuration(3723), "1:02:03");
  EXPECT_EQ(formatPause(0.038), "0.04 s");
  EXPECT_EQ(formatPause(0.0042), "0.004 s");
  EXPECT_EQ(formatPause(0), "0.00 s");
  EXPECT_EQ(formatPause(12.34), "12.3 s");
}

TEST(Format, ShortenedKeepsWholeCharacters) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc...");
  EXPECT_EQ(shortened("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4", 4), "\xC3\xA4...");
  EXPECT_EQ(shortened("abcdef", 2), "..");
  EXPECT_EQ(shortened("abc", 0), "");
  EXPECT_EQ(shortenedFront("abcdefg", 6), "...efg");
  EXPECT_EQ(shortenedFront("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4", 4), "...\xC3\xA4");
  EXPECT_EQ(shortenedFront("abc", 2), "..");
}

TEST(Format, TableAlignsColumns) {
  Table table({"ID", "Name"});
  table.add({"1", "M\xC3\xBCller"});
  table.add({"1000", ""});
  EXPECT_EQ(table.text(), "ID    Name\n1     M\xC3\xBCller\n1000\n");
}

}  // namespace
}  // namespace enamel::cli
