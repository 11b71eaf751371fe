#include "sample/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "hash/sha256.h"
#include "sample/schema.h"

namespace enamel::sample {
namespace {

PracticeOptions small(std::uint64_t seed) {
  PracticeOptions options;
  options.patients = 20;
  options.images_mb = 4;
  options.seed = seed;
  return options;
}

// All rows of all tables as text.
std::map<std::string, std::string> everything(const World& world) {
  std::map<std::string, std::string> tables;
  for (const TableRows& rows : allRows(world)) {
    RowText text;
    for (std::uint64_t n = 1; n <= rows.count; ++n) rows.row(text, n);
    tables[rows.table] = text.bytes();
  }
  return tables;
}

TEST(CalendarTest, writesDates) {
  std::string text;
  for (const Day day : {kLastDay, kUnsetDay, kZeroDay, Day{0}, Day{11016}}) {
    appendDate(text, day);
    text += ' ';
  }
  EXPECT_EQ(text, "2026-11-20 0001-01-01 0000-00-00 1970-01-01 2000-02-29 ");
  text.clear();
  appendDateTime(text, kLastDay, 29701);
  EXPECT_EQ(text, "2026-11-20 08:15:01");
}

TEST(RowTextTest, escapesWhatLoadDataWouldTakeApart) {
  RowText text;
  text.number(-5).text("a\tb\\c\nd").null().money(-1205).date(kZeroDay).endRow();
  text.number(7).endRow();
  EXPECT_EQ(text.bytes(), "-5\ta\\tb\\\\c\\nd\t\\N\t-12.05\t0000-00-00\n7\n");
}

TEST(WorldTest, isTheSameForOneSeedAndAnotherForAnother) {
  const World first(small(7));
  const auto rows = everything(first);
  EXPECT_EQ(rows, everything(World(small(7))));
  EXPECT_NE(rows.at("securitylog"), everything(World(small(8))).at("securitylog"));
}

// Pins the rows themselves: another library, compiler or system must not change a seed's practice.
TEST(WorldTest, isTheSameEverywhere) {
  Sha256Hasher hasher;
  for (const auto& [table, rows] : everything(World(small(1)))) hasher.update(asBytes(table + '\n' + rows));
  EXPECT_EQ(hasher.finish().hex(), "f77bc7e1cbc469b277e4a300a2ef4f8ccd9e9ddc13d787578a1f0bb4378c35cc");
}

TEST(WorldTest, makesRowsForEveryTableInAsManyFieldsAsColumns) {
  const World world(small(1));
  std::set<std::string> names;
  for (const TableRows& rows : allRows(world)) {
    names.insert(rows.table);
    RowText text;
    rows.row(text, 1);
    EXPECT_EQ(std::count(text.bytes().begin(), text.bytes().end(), '\t'),
              std::count(rows.columns.begin(), rows.columns.end(), ','))
        << rows.table;
    EXPECT_GT(rows.count, 0U) << rows.table;
  }
  std::set<std::string> defined;
  for (const TableDefinition& table : tableDefinitions()) defined.emplace(table.name);
  EXPECT_EQ(names, defined);
  EXPECT_GE(defined.size(), 40U);
}

TEST(WorldTest, growsInProportionToThePatients) {
  const Counts one(1000);
  const Counts thirty(30000);
  EXPECT_EQ(thirty.security_logs, 4000000U);
  EXPECT_EQ(thirty.procedures, 1500000U);
  EXPECT_EQ(thirty.payments, 300000U);
  EXPECT_EQ(thirty.splits, 500000U);
  EXPECT_EQ(thirty.appointments, 350000U);
  EXPECT_NEAR(static_cast<double>(thirty.security_logs) / static_cast<double>(one.security_logs), 30, 0.01);
}

TEST(WorldTest, plansImagesOfTheWantedSizeWithSomeCopies) {
  PracticeOptions options = small(3);
  options.images_mb = 400;
  const World world(options);
  std::uint64_t bytes = 0;
  std::set<std::string> paths;
  std::map<std::uint64_t, int> contents;
  for (const ImageFile& file : world.images()) {
    bytes += file.bytes;
    paths.insert(file.path);
    ++contents[file.content];
  }
  EXPECT_NEAR(static_cast<double>(bytes), 400e6, 60e6);
  EXPECT_EQ(paths.size(), world.images().size());
  const double copies = 1 - static_cast<double>(contents.size()) / static_cast<double>(paths.size());
  EXPECT_GT(copies, 0.02);
  EXPECT_LT(copies, 0.08);
}

TEST(SchemaTest, hasAsManyIndexesWhereTheOriginalHasThem) {
  for (const TableDefinition& table : tableDefinitions()) {
    const std::string sql = createTableSql(table, Engine::kMixed);
    EXPECT_NE(sql.find(usesInnodb(table.name, Engine::kMixed) ? "ENGINE=InnoDB" : "ENGINE=MyISAM"),
              std::string::npos);
    if (table.name != "procedurelog" && table.name != "claimproc") continue;
    const auto indexes = std::count(table.indexes.begin(), table.indexes.end(), ' ') + 2;
    EXPECT_GE(indexes, 20) << table.name;
  }
}

}  // namespace
}  // namespace enamel::sample
