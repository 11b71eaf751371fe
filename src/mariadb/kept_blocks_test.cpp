#include "mariadb/kept_blocks.h"

#include <gtest/gtest.h>

#include <vector>

namespace enamel::mariadb {
namespace {

TEST(KeptBlocks, GivesBackWhatFitsAndWhatDoesNot) {
  KeptBlocks kept(1 << 20);
  std::vector<KeptBlocks::Slot> slots;
  for (int i = 0; i < 50; ++i) {
    const Bytes block(40000 + static_cast<std::size_t>(i), static_cast<std::uint8_t>(i));
    slots.push_back(kept.add(block));
  }
  EXPECT_GT(kept.bytes(), 1U << 20);
  Bytes buffer;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const ByteView block = kept.read(slots[i], buffer);
    ASSERT_EQ(block.size(), 40000 + i);
    EXPECT_EQ(block.front(), i);
    EXPECT_EQ(block.back(), i);
  }
}

}  // namespace
}  // namespace enamel::mariadb
