#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

#include "base/error.h"
#include "hash/sha256.h"
#include "storage/storage.h"

namespace enamel::storage {

// What every Storage must do. Instantiate with a function that makes a fresh, created storage:
//   INSTANTIATE_TEST_SUITE_P(Local, StorageConformance, testing::Values(&makeLocal));
class StorageConformance : public ::testing::TestWithParam<std::shared_ptr<Storage> (*)()> {
 protected:
  void SetUp() override {
    storage_ = GetParam()();
    storage_->create();
  }
  static FileHandle handle(FileType type, int n) {
    return {type, Sha256::of(asBytes(std::to_string(n))).hex()};
  }
  static ErrorCode codeOf(const std::function<void()>& f) {
    try {
      f();
    } catch (const Error& e) {
      return e.code();
    }
    return ErrorCode::kInternal;
  }

  std::shared_ptr<Storage> storage_;
};

TEST_P(StorageConformance, PutsJoinTheirParts) {
  const std::array<ByteView, 3> parts = {asBytes("one "), asBytes(""), asBytes("two")};
  for (const FileType type :
       {FileType::kKey, FileType::kLock, FileType::kSnapshot, FileType::kIndex, FileType::kPack}) {
    storage_->put(handle(type, 1), parts);
    EXPECT_EQ(asText(storage_->get(handle(type, 1), 100)), "one two");
    EXPECT_EQ(storage_->size(handle(type, 1)), 7U);
    Bytes range(3);
    storage_->getRange(handle(type, 1), 4, range);
    EXPECT_EQ(asText(range), "two");
  }
  storage_->put({FileType::kConfig, ""}, asBytes("config"));
  EXPECT_EQ(asText(storage_->get({FileType::kConfig, ""}, 100)), "config");
}

TEST_P(StorageConformance, HoldsLargeFilesByteForByte) {
  Bytes data(5'000'001);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7 + i / 1000);
  const FileHandle file = handle(FileType::kPack, 2);
  storage_->put(file, data);
  EXPECT_EQ(storage_->get(file, 10'000'000), data);
  Bytes range(2'000'003);
  storage_->getRange(file, 1'234'567, range);
  EXPECT_TRUE(std::equal(range.begin(), range.end(), data.begin() + 1'234'567));
}

TEST_P(StorageConformance, NeverOverwrites) {
  const FileHandle file = handle(FileType::kSnapshot, 3);
  storage_->put(file, asBytes("first"));
  EXPECT_EQ(codeOf([&] { storage_->put(file, asBytes("second")); }), ErrorCode::kExists);
  EXPECT_EQ(asText(storage_->get(file, 100)), "first");
}

TEST_P(StorageConformance, SaysWhatIsMissingShortOrTooLarge) {
  const FileHandle file = handle(FileType::kIndex, 4);
  Bytes range(10);
  EXPECT_EQ(codeOf([&] { storage_->get(file, 100); }), ErrorCode::kNotFound);
  EXPECT_EQ(codeOf([&] { storage_->getRange(file, 0, range); }), ErrorCode::kNotFound);
  EXPECT_EQ(storage_->size(file), std::nullopt);
  storage_->put(file, asBytes("0123456789"));
  EXPECT_EQ(codeOf([&] { storage_->getRange(file, 1, range); }), ErrorCode::kCorrupt);
  // A length made up by somebody is refused before there is memory for it.
  EXPECT_EQ(codeOf([&] { requireRange(*storage_, file, 0, std::uint64_t{1} << 40); }), ErrorCode::kCorrupt);
  EXPECT_EQ(codeOf([&] { storage_->get(file, 9); }), ErrorCode::kLimit);
}

TEST_P(StorageConformance, ListsAndRemoves) {
  for (int i = 0; i < 20; ++i) storage_->put(handle(FileType::kPack, i), asBytes("x"));
  auto files = storage_->list(FileType::kPack);
  EXPECT_EQ(files.size(), 20U);
  EXPECT_TRUE(storage_->list(FileType::kKey).empty());
  storage_->remove(handle(FileType::kPack, 7));
  storage_->remove(handle(FileType::kPack, 7));
  files = storage_->list(FileType::kPack);
  EXPECT_EQ(files.size(), 19U);
  EXPECT_TRUE(std::none_of(files.begin(), files.end(),
                           [](const FileInfo& f) { return f.name == handle(FileType::kPack, 7).name; }));
  EXPECT_EQ(files.front().size, 1U);
}

TEST_P(StorageConformance, CreatesOnlyOnce) {
  storage_->put({FileType::kConfig, ""}, asBytes("config"));
  EXPECT_EQ(codeOf([&] { storage_->create(); }), ErrorCode::kExists);
}

}  // namespace enamel::storage
