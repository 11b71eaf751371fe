#include "mariadb/data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

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

// What the proof says; index_bytes: of the rows, by the folder's index file.
std::string contradiction(const std::map<std::string, TableFileSet>& before,
                          const std::vector<TableInfo>& server,
                          const std::map<std::string, TableFileSet>& after, std::uint64_t index_bytes = 50) {
  return compareFolder(
             before, server, after, [&](const TableFileSet&) { return std::optional(index_bytes); },
             ProofMoment::kBeforeLock)
      .contradiction;
}

std::string damage(const std::map<std::string, TableFileSet>& seen, const std::vector<TableInfo>& server,
                   ProofMoment moment = ProofMoment::kBeforeLock, std::uint64_t index_bytes = 50) {
  const FolderProof proof = compareFolder(
      seen, server, seen, [&](const TableFileSet&) { return std::optional(index_bytes); }, moment);
  if (!proof.contradiction.empty()) return "contradiction: " + proof.contradiction;
  return proof.damaged.empty() ? "" : proof.damaged.at("t").what;
}

std::map<std::string, TableFileSet> without(const std::string& file, std::int64_t time_s = 100) {
  auto seen = folder(time_s, 50);
  std::erase_if(seen["t"].files, [&](const TableFile& f) { return f.name == file; });
  return seen;
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
  EXPECT_NE(contradiction(without("t.frm"), server(100, 50), without("t.frm")), "") << "no definition";
}

TEST(DataFolder, ADamagedTableIsNoContradiction) {
  using ::testing::HasSubstr;
  using ::testing::StartsWith;
  EXPECT_THAT(damage(without("t.MYD"), server(100, 50)), StartsWith("its file t.MYD is missing"));
  EXPECT_THAT(damage(without("t.MYI"), server(100, 50)), StartsWith("its file t.MYI is missing"));
  EXPECT_THAT(damage(without("t.frm"), {}), StartsWith("its definition t.frm is missing"));
  auto unreadable = folder(100, 50);
  unreadable["t"].files[0].stat_error = EACCES;
  EXPECT_THAT(damage(unreadable, server(100, 50)), StartsWith("contradiction: not one of its tables"))
      << "nothing is proven";
  auto both = server(100, 50);
  both.push_back(both[0]);
  both[1].name = both[1].stem = "u";
  unreadable["u"] = folder(100, 50)["t"];
  EXPECT_THAT(damage(unreadable, both), StartsWith("t.MYD cannot be read"));
  auto broken = server(100, 50);
  broken[0].engine.clear();
  broken[0].problem = "Incorrect information in file: './p/t.frm'";
  EXPECT_THAT(damage(folder(100, 50), broken), HasSubstr(broken[0].problem));
  EXPECT_THAT(damage(folder(100, 20), server(100, 50)), HasSubstr("20 bytes")) << "cut off";
}

TEST(DataFolder, NotEverythingIsDamage) {
  using ::testing::StartsWith;
  EXPECT_THAT(damage(folder(100, 50), server(101, 20)), StartsWith("contradiction"))
      << "written to since, whatever its length";
  EXPECT_THAT(damage(folder(100, 20), server(100, 50), ProofMoment::kBeforeLock, 20),
              StartsWith("contradiction"))
      << "a copy's index agrees with the copy's rows";
  for (const char* file : {"t.MYD", "t.MYI"})
    EXPECT_THAT(damage(without(file), server(100, 50), ProofMoment::kAfterLock), StartsWith("contradiction"))
        << "the server has just opened it";
}

}  // namespace
}  // namespace enamel::mariadb
