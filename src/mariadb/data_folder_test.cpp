#include "mariadb/data_folder.h"

#include <gtest/gtest.h>

namespace enamel::mariadb {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::map<std::string, TableFileSet> folder(std::int64_t time_s, std::uint64_t bytes) {
  TableFileSet set;
  set.files.push_back(
      {.name = "t.MYD", .kind = FileKind::kRows, .stamp = {.size = bytes, .mtime_ns = time_s * kSecond + 5}});
  set.files.push_back({.name = "t.MYI", .kind = FileKind::kIndexes});
  set.files.push_back({.name = "t.frm"});
  return {{"t", set}};
}

std::vector<TableInfo> server(std::int64_t time_s, std::uint64_t bytes) {
  TableInfo table{.name = "t", .stem = "t", .engine = "MyISAM"};
  table.data_bytes = bytes;
  table.update_time_s = time_s;
  return {table};
}

TEST(DataFolder, TheServersOwnFolderIsNotContradicted) {
  EXPECT_EQ(contradiction(folder(100, 50), server(100, 50), folder(100, 50)), "");
  EXPECT_EQ(contradiction(folder(100, 50), server(101, 60), folder(102, 70)), "") << "written to meanwhile";
  EXPECT_EQ(contradiction({}, {}, {}), "");
}

TEST(DataFolder, CopiesAreContradicted) {
  EXPECT_NE(contradiction(folder(100, 50), server(101, 50), folder(100, 50)), "") << "the server wrote since";
  EXPECT_NE(contradiction(folder(102, 50), server(101, 50), folder(102, 50)), "")
      << "newer than the server's";
  EXPECT_NE(contradiction(folder(100, 50), server(100, 51), folder(100, 50)), "") << "another length";
  EXPECT_NE(contradiction({}, server(100, 50), {}), "") << "no such table";
  auto incomplete = folder(100, 50);
  incomplete["t"].files.pop_back();
  EXPECT_NE(contradiction(incomplete, server(100, 50), incomplete), "");
}

}  // namespace
}  // namespace enamel::mariadb
