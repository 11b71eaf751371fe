#include <gtest/gtest.h>

#include <atomic>
#include <random>

#include "hash/sha256.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::repository {
namespace {

using storage::FileType;

Bytes randomData(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  Bytes data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

class PackWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Repository::create(storage_, "secret", KdfParameters::cheap(), Clock::system());
    repository_ = Repository::open(storage_, "secret");
    repository_->loadIndex();
  }

  storage::MemoryStorage storage_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(PackWriterTest, StoresABlobOnceFromManyThreads) {
  const auto writer = repository_->newWriter({.pack_size_target = 1U << 20});
  std::atomic<int> fresh{0};
  parallelFor(400, 4, Priority::kNormal, [&](std::size_t i) {
    if (writer->save(BlobType::kData, randomData(20000, static_cast<unsigned>(i % 100))).is_new) ++fresh;
  });
  writer->flush();
  EXPECT_EQ(fresh, 100);
  EXPECT_GT(storage_.list(FileType::kPack).size(), 1U);
  EXPECT_EQ(writer->stats().data_blobs, 100U);
}

// Names are hashed piece by piece, by whichever thread saves a blob: here many, of sizes around every limit.
TEST_F(PackWriterTest, EveryPackIsNamedByItsHash) {
  const auto writer = repository_->newWriter({.pack_size_target = 1U << 20});
  constexpr std::size_t kSizes[] = {1, 100, 2047, 2048, 2049, 20000, 65536, 300001, 1'500'000};
  parallelFor(600, 8, Priority::kNormal, [&](std::size_t i) {
    const BlobType type = i % 7 == 0 ? BlobType::kTree : BlobType::kData;
    writer->save(type, randomData(kSizes[i % std::size(kSizes)], static_cast<unsigned>(i)));
  });
  writer->flush();
  const auto packs = storage_.list(FileType::kPack);
  EXPECT_GT(packs.size(), 20U);
  for (const auto& pack : packs)
    EXPECT_EQ(Sha256::of(storage_.get({FileType::kPack, pack.name}, pack.size)).hex(), pack.name);
}

}  // namespace
}  // namespace enamel::repository
