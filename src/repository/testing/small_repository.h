#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "repository/check.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::repository::testing {

inline constexpr std::string_view kPassword = "correct horse";

template <class F>
ErrorCode codeOf(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kInternal;
}

inline Bytes randomData(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  Bytes data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

// A repository with one snapshot of one folder with one file of the given blobs.
inline Snapshot storeSnapshot(Repository& repository, const std::vector<Bytes>& blobs) {
  repository.loadIndex();
  const auto writer = repository.newWriter({.pack_size_target = 1U << 20});
  Node file{.name = "file", .mode = 0644};
  for (const Bytes& blob : blobs) {
    file.content.push_back(writer->save(BlobType::kData, blob).id);
    file.size += blob.size();
  }
  Snapshot snapshot;
  snapshot.tree = writer->saveTree({{file}});
  snapshot.time = repository.clock().now();
  snapshot.paths = {"/test"};
  writer->flush();
  repository.saveSnapshot(snapshot);
  return snapshot;
}

// A repository in memory with a cheap key.
class SmallRepository : public ::testing::Test {
 protected:
  void SetUp() override { Repository::create(storage_, kPassword, KdfParameters::cheap(), Clock::system()); }
  std::unique_ptr<Repository> open() { return Repository::open(storage_, kPassword); }
  CheckResult checkAll(bool read_data = true) {
    Progress progress;
    const auto repository = open();
    return check(*repository, {.read_data = read_data}, progress, CancelToken::never());
  }
  // The only file of a type.
  storage::MemoryStorage::Key only(storage::FileType type) {
    const auto files = storage_.list(type);
    EXPECT_EQ(files.size(), 1U);
    return {type, files.at(0).name};
  }

  storage::MemoryStorage storage_;
};

}  // namespace enamel::repository::testing
