#include "mariadb/myi_header.h"

#include <gtest/gtest.h>

namespace enamel::mariadb {
namespace {

Bytes header() {
  Bytes bytes(MyiHeader::kPrefixBytes, 0);
  const std::uint8_t begin[] = {0xFE, 0xFE, 0x07, 0x01, 0, 0, 0x01, 0x85};
  std::copy(std::begin(begin), std::end(begin), bytes.begin());
  bytes[25] = 2;   // open count
  bytes[26] = 57;  // changed, not analyzed, ...
  bytes[34] = 1;   // rows, big-endian
  bytes[35] = 2;
  bytes[67] = 9;
  bytes[75] = 7;
  return bytes;
}

TEST(MyiHeader, ReadsWhatTheServerWrote) {
  const auto parsed = parseMyiHeader(header());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->header_bytes, 0x185U);
  EXPECT_EQ(parsed->open_count, 2U);
  EXPECT_FALSE(parsed->crashed);
  EXPECT_EQ(parsed->rows, 258U);
  EXPECT_EQ(parsed->key_file_bytes, 9U);
  EXPECT_EQ(parsed->data_file_bytes, 7U);
}

TEST(MyiHeader, RefusesOtherFiles) {
  Bytes bytes = header();
  EXPECT_FALSE(parseMyiHeader(ByteView(bytes).first(MyiHeader::kPrefixBytes - 1)));
  bytes[0] = 0;
  EXPECT_FALSE(parseMyiHeader(bytes));
  bytes = header();
  bytes[6] = bytes[7] = 0;
  EXPECT_FALSE(parseMyiHeader(bytes)) << "a header shorter than its own fields";
}

TEST(MyiHeader, SeesCrashedTables) {
  for (const std::uint8_t flag : {2, 4}) {
    Bytes bytes = header();
    bytes[26] = flag;
    EXPECT_TRUE(parseMyiHeader(bytes)->crashed);
  }
}

}  // namespace
}  // namespace enamel::mariadb
