#include "chunker/row_cutter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "chunker/testing/feed.h"

namespace enamel::chunker {
namespace {

constexpr RowCutter::Options kSmall{.size_min = 200, .size_target = 800, .size_max = 3000};

std::vector<std::string> cutAll(const RowCutter& cutter, ByteView text) {
  std::vector<std::string> out;
  for (const std::size_t length : cutWhole(cutter, text)) {
    out.emplace_back(asText(text.first(length)));
    text = text.subspan(length);
  }
  return out;
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

// One row of LOAD DATA text whose fields hold newlines, tabs and backslashes, escaped as the server does it.
rc::Gen<std::string> anyRow() {
  return rc::gen::map(
      rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c', '\n', '\\', '\t', '0', 'x')),
      [](const std::string& fields) {
        std::string row;
        for (const char c : fields) {
          if (c == '\n' || c == '\\' || c == '\t') row += '\\';
          row += c;
        }
        return row + '\n';
      });
}

std::string rowNumber(std::size_t i) {
  return std::to_string(i) + "\tpatient " + std::to_string(i * 7919 % 1000) + "\tnote\\\nsecond line\n";
}

RC_GTEST_PROP(RowCutterProp, chunksJoinToTheInputAndEndWithRows, (std::uint64_t seed)) {
  const auto rows = *rc::gen::container<std::vector<std::string>>(anyRow());
  const RowCutter cutter(kSmall, seed);
  const std::string text = join(rows);
  const auto chunks = cutAll(cutter, asBytes(text));
  RC_ASSERT(join(chunks) == text);
  std::set<std::size_t> row_ends;
  std::size_t at = 0;
  for (const std::string& row : rows) row_ends.insert(at += row.size());
  at = 0;
  for (const std::string& chunk : chunks) RC_ASSERT(row_ends.count(at += chunk.size()) == 1U);
}

RC_GTEST_PROP(RowCutterProp, rowByRowGivesTheSameChunksAsText, (std::uint64_t seed)) {
  const auto rows = *rc::gen::container<std::vector<std::string>>(anyRow());
  const RowCutter cutter(kSmall, seed);
  std::vector<std::string> chunks;
  std::string chunk;
  for (const std::string& row : rows) {
    if (cutter.cutBefore(row.size(), chunk.size())) {
      chunks.push_back(chunk);
      chunk.clear();
    }
    chunk += row;
    if (cutter.cutAfter(asBytes(row), chunk.size())) {
      chunks.push_back(chunk);
      chunk.clear();
    }
  }
  if (!chunk.empty()) chunks.push_back(chunk);
  RC_ASSERT(chunks == cutAll(cutter, asBytes(join(rows))));
}

RC_GTEST_PROP(RowCutterProp, bordersDoNotDependOnBuffering, (std::uint64_t seed)) {
  std::string text;
  for (std::size_t i = *rc::gen::inRange<std::size_t>(0, 1000), end = i + 300; i < end; ++i)
    text += rowNumber(i);
  const RowCutter cutter(kSmall, seed);
  const auto piece = [] { return *rc::gen::inRange<std::size_t>(1, 2000); };
  RC_ASSERT(cutStreamed(cutter, asBytes(text), piece) == cutWhole(cutter, asBytes(text)));
}

// Where chunks end, as offsets into the text they were cut from.
std::vector<std::size_t> endsOf(const std::vector<std::string>& chunks) {
  std::vector<std::size_t> ends;
  std::size_t at = 0;
  for (const std::string& chunk : chunks) ends.push_back(at += chunk.size());
  return ends;
}

// What holds for every seed. A chunk follows from the rows in it and the one row after it, so a row inserted
// at `at` leaves all borders before `at`; and from a border after it that old and new text share, everything
// is the same. How soon they share one is chance: see the statistic below.
RC_GTEST_PROP(RowCutterProp, anInsertedRowLeavesTheBordersBeforeItAndAllAfterACommonOne,
              (std::uint64_t seed)) {
  const RowCutter cutter(kSmall, seed);
  auto rows = *rc::gen::container<std::vector<std::string>>(anyRow());
  for (std::size_t i = 0; i < 500; ++i) rows.push_back(rowNumber(i));
  const auto place = *rc::gen::inRange<std::size_t>(0, rows.size() + 1);
  const std::string inserted = *anyRow();
  const std::string text = join(rows);
  const std::size_t at = join({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(place)}).size();
  const std::string changed = text.substr(0, at) + inserted + text.substr(at);
  const auto before = endsOf(cutAll(cutter, asBytes(text)));
  const auto after = endsOf(cutAll(cutter, asBytes(changed)));

  for (std::size_t i = 0; i < before.size() && before[i] < at; ++i) {
    RC_ASSERT(i < after.size());
    RC_ASSERT(after[i] == before[i]);
  }
  std::vector<std::size_t> moved;  // old borders where they would be now
  for (const std::size_t end : before) {
    if (end >= at) moved.push_back(end + inserted.size());
  }
  const auto first = std::find_first_of(after.begin(), after.end(), moved.begin(), moved.end());
  if (first == after.end()) return;
  const auto old = std::find(moved.begin(), moved.end(), *first);
  RC_ASSERT(std::vector(first, after.end()) == std::vector(old, moved.end()));
}

// The seeds and places are fixed, so the mean is one number and no luck is needed.
TEST(RowCutter, aRowInsertedMakesFewNewChunksOnAverage) {
  constexpr std::size_t kRows = 5000, kSeeds = 20, kPlaces = 10;
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < kRows; ++i) rows.push_back(rowNumber(i));
  std::size_t fresh = 0, chunks = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const RowCutter cutter(kSmall, seed);
    const auto before = cutAll(cutter, asBytes(join(rows)));
    const std::set<std::string> known(before.begin(), before.end());
    chunks += before.size();
    for (std::size_t place = 0; place < kPlaces; ++place) {
      std::vector<std::string> changed = rows;
      changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(place * kRows / kPlaces + seed),
                     "a row that was not there\n");
      for (const std::string& chunk : cutAll(cutter, asBytes(join(changed))))
        fresh += known.count(chunk) == 0 ? 1 : 0;
    }
  }
  EXPECT_GT(fresh, kSeeds * kPlaces - 1);  // each insertion makes one at least
  EXPECT_LT(static_cast<double>(fresh) / (kSeeds * kPlaces), 4);
  EXPECT_GT(static_cast<double>(chunks) / kSeeds, 100);
}

TEST(RowCutter, theMeanIsNearTheTargetForShortAndLongRows) {
  const RowCutter cutter({}, 5);
  for (const std::size_t padding : {0U, 100U, 5000U}) {
    std::string text;
    for (std::size_t i = 0; text.size() < 20'000'000; ++i) text += std::string(padding, 'x') + rowNumber(i);
    const auto chunks = cutAll(cutter, asBytes(text));
    const double mean = static_cast<double>(text.size()) / static_cast<double>(chunks.size());
    EXPECT_GT(mean, 0.7 * 128 * 1024) << padding;
    EXPECT_LT(mean, 1.5 * 128 * 1024) << padding;
  }
}

TEST(RowCutter, onlyASingleRowMayBeLongerThanTheMaximum) {
  const RowCutter cutter(kSmall, 5);
  const std::string giant = std::string(10'000, 'g') + "\n";
  const std::string text = "short\n" + giant + "short\n";
  EXPECT_EQ(cutAll(cutter, asBytes(text)), (std::vector<std::string>{"short\n", giant, "short\n"}));
  // The chunk before a row too long to join it is known before that row has ended.
  EXPECT_EQ(cutter.cut(asBytes(text.substr(0, 6 + 3000)), false), 6U);
  EXPECT_EQ(cutter.cut(asBytes(text.substr(0, 100)), false), 0U);
}

TEST(RowCutter, endsRowsAtUnescapedNewlinesOnly) {
  EXPECT_EQ(RowCutter::rowLength(asBytes("a\nb\n")), 2U);
  EXPECT_EQ(RowCutter::rowLength(asBytes("a\\\nb\nc")), 5U);
  EXPECT_EQ(RowCutter::rowLength(asBytes("a\\\\\nb\n")), 4U);
  EXPECT_EQ(RowCutter::rowLength(asBytes("\n")), 1U);
  EXPECT_EQ(RowCutter::rowLength(asBytes("a\\\n")), 0U);
  EXPECT_EQ(RowCutter::rowLength(asBytes("")), 0U);
}

TEST(RowCutter, theLastRowNeedsNoNewline) {
  const RowCutter cutter(kSmall, 5);
  EXPECT_EQ(cutAll(cutter, asBytes("a\nb")), (std::vector<std::string>{"a\nb"}));
  EXPECT_EQ(cutter.cut(asBytes("a\nb"), false), 0U);
}

}  // namespace
}  // namespace enamel::chunker
