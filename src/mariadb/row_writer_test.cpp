#include "mariadb/row_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace enamel::mariadb {
namespace {

// Keeps what is saved.
class MemoryWriter final : public repository::BlobWriter {
 public:
  Saved save(repository::BlobType, ByteView plaintext) override {
    const auto id = repository::BlobId::of(plaintext);
    blobs[id] = asText(plaintext);
    longest = std::max(longest, plaintext.size());
    return {.id = id, .is_new = true};
  }
  void settle() override {}
  void flush() override {}
  repository::WriteStats stats() const override { return {}; }
  std::uint64_t memoryInUse() const override { return 0; }

  std::map<repository::BlobId, std::string> blobs;
  std::size_t longest = 0;
};

using Values = std::vector<std::optional<std::string>>;

Row rowOf(const Values& values) {
  Row row;
  for (const auto& value : values) row.push_back(value ? Field{value->data(), value->size()} : Field{});
  return row;
}

struct Written {
  std::string text;
  std::vector<repository::BlobId> content;
  std::size_t longest = 0;
};

Written write(const std::vector<Values>& rows, const chunker::RowCutter& cutter) {
  MemoryWriter writer;
  Progress progress;
  RowWriter out(writer, cutter, progress);
  for (const Values& values : rows) out.add(rowOf(values));
  out.finish();
  Written written{.content = out.content(), .longest = writer.longest};
  for (const auto& id : out.content()) written.text += writer.blobs.at(id);
  EXPECT_EQ(out.rows(), rows.size());
  EXPECT_EQ(out.bytes(), written.text.size());
  return written;
}

const chunker::RowCutter::Options kSmall{.size_min = 64, .size_target = 256, .size_max = 1024};

TEST(RowWriter, WritesWhatSelectIntoOutfileWrites) {
  const chunker::RowCutter cutter(kSmall, 1);
  EXPECT_EQ(write({{"1", std::nullopt, ""}, {"a\tb", "c\nd\\", std::string("\0x", 2)}}, cutter).text,
            "1\t\\N\t\na\\\tb\tc\\\nd\\\\\t\\0x\n");
}

TEST(RowWriter, MemoryIsBoundedForLongRows) {
  const chunker::RowCutter cutter(kSmall, 1);
  const std::string zeros(100000, '\0');
  const Written written = write({{"1", "a"}, {"2", zeros}, {"3", "b"}}, cutter);
  EXPECT_EQ(written.text.size(), 4 + 2 + 200000 + 1 + 4);
  EXPECT_LE(written.longest, kSmall.size_max + 2);
}

TEST(RowWriter, AnInsertedRowMovesNearbyChunksOnly) {
  const chunker::RowCutter cutter(kSmall, 1);
  std::vector<Values> rows;
  for (int i = 0; i < 2000; ++i)
    rows.push_back({std::to_string(i), std::string(static_cast<std::size_t>(i * 7 % 40), 'x')});
  const Written before = write(rows, cutter);
  rows.insert(rows.begin() + 1000, Values{"new", "row"});
  const Written after = write(rows, cutter);
  std::size_t same_begin = 0, same_end = 0;
  while (before.content[same_begin] == after.content[same_begin]) ++same_begin;
  while (before.content[before.content.size() - 1 - same_end] ==
         after.content[after.content.size() - 1 - same_end])
    ++same_end;
  EXPECT_GE(same_begin + same_end + 4, before.content.size());
}

// Undoes the escapes as LOAD DATA does.
std::vector<Values> parse(const std::string& text) {
  std::vector<Values> rows;
  Values row;
  std::string value;
  bool null = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      const char next = text.at(++i);
      if (next == 'N' && value.empty())
        null = true;
      else
        value += next == '0' ? '\0' : next;
    } else if (text[i] == '\t' || text[i] == '\n') {
      row.push_back(null ? std::nullopt : std::make_optional(value));
      value.clear();
      null = false;
      if (text[i] == '\n') rows.push_back(std::exchange(row, {}));
    } else {
      value += text[i];
    }
  }
  return rows;
}

RC_GTEST_PROP(RowWriter, RowsComeBackAsTheyWent, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(1, 4);
  const auto rows = *rc::gen::container<std::vector<Values>>(rc::gen::container<Values>(
      columns, rc::gen::oneOf(rc::gen::just(std::optional<std::string>()),
                              rc::gen::map(rc::gen::container<std::string>(
                                               rc::gen::elementOf(std::string("\0\t\n\\Nab'\"\r0", 11))),
                                           [](std::string s) { return std::make_optional(std::move(s)); }))));
  const chunker::RowCutter cutter(kSmall, *rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(parse(write(rows, cutter).text) == rows);
}

}  // namespace
}  // namespace enamel::mariadb
