#include "jobs/row_loss.h"

#include <gtest/gtest.h>

namespace enamel::jobs {
namespace {

mariadb::Manifest manifest(const std::vector<std::pair<std::string, std::uint64_t>>& tables) {
  mariadb::Manifest manifest;
  manifest.database = "opendental";
  for (const auto& [name, rows] : tables) {
    manifest.tables.emplace_back();
    manifest.tables.back().name = name;
    manifest.tables.back().rows = rows;
  }
  return manifest;
}

TEST(RowLoss, tablesThatLostAFifthOrAreGoneAreNamedWorstFirst) {
  const auto before =
      manifest({{"patient", 100}, {"recall", 1000}, {"claim", 1000}, {"few", 49}, {"gone", 60}});
  const auto now = manifest({{"patient", 80}, {"recall", 801}, {"claim", 700}, {"few", 0}, {"new", 5}});
  EXPECT_EQ(rowLosses(before, now),
            (std::vector<RowLoss>{{"claim", 1000, 700}, {"gone", 60, 0}, {"patient", 100, 80}}));
  EXPECT_TRUE(rowLosses(now, now).empty());
}

TEST(RowLoss, anotherDatabaseAndUnreadTablesSayNothing) {
  const auto before = manifest({{"patient", 100}});
  auto now = manifest({});
  now.database = "other";
  EXPECT_TRUE(rowLosses(before, now).empty());
  now = manifest({{"patient", 0}});
  now.tables[0].error = "cannot be read";
  EXPECT_TRUE(rowLosses(before, now).empty());
}

TEST(RowLoss, theListIsBounded) {
  std::vector<std::pair<std::string, std::uint64_t>> many;
  for (int i = 0; i < 500; ++i) many.emplace_back("t" + std::to_string(i), 100 + i);
  const auto losses = rowLosses(manifest(many), manifest({}));
  EXPECT_EQ(losses.size(), 50U);
  EXPECT_EQ(losses[0].table, "t499");
}

}  // namespace
}  // namespace enamel::jobs
