// How the writer's own threads and its callers share the storing of packs.
#include "repository/pack_writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <random>

#include "hash/sha256.h"
#include "storage/memory.h"

namespace enamel::repository {
namespace {

constexpr std::string_view kPassword = "pw";
constexpr std::size_t kPackBytes = 1U << 20;

// Idle threads get nothing done in it until they are let go, as on a computer whose CPUs are all in use.
class BusyStorage final : public storage::Storage {
 public:
  explicit BusyStorage(Storage& inner) : inner_(inner) {}
  void letGo() {
    const std::lock_guard lock(mutex_);
    free_ = true;
    changed_.notify_all();
  }

  using Storage::put;
  void put(const storage::FileHandle& file, std::span<const ByteView> parts) override {
    if (threadPriority() == Priority::kIdle) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return free_; });
    }
    inner_.put(file, parts);
  }
  void getRange(const storage::FileHandle& f, std::uint64_t o, MutableByteView b) override {
    inner_.getRange(f, o, b);
  }
  Bytes get(const storage::FileHandle& f, std::uint64_t m) override { return inner_.get(f, m); }
  std::optional<std::uint64_t> size(const storage::FileHandle& f) override { return inner_.size(f); }
  std::vector<storage::FileInfo> list(storage::FileType t) override { return inner_.list(t); }
  void remove(const storage::FileHandle& f) override { inner_.remove(f); }
  void create() override { inner_.create(); }
  std::string location() const override { return "busy"; }

 private:
  Storage& inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool free_ = false;  // guarded by mutex_
};

Bytes randomData(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  Bytes data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

Bytes randomPack(unsigned seed) {
  return randomData(kPackBytes - 1000, seed);
}

TEST(PackWriterPriority, WhoIsAboveIdleDoesNotWaitForIdleThreads) {
  constexpr unsigned kPacks = 20;
  storage::MemoryStorage memory;
  Repository::create(memory, kPassword, KdfParameters::cheap(), Clock::system());
  BusyStorage busy(memory);
  const auto repository = Repository::open(busy, kPassword);
  repository->loadIndex();
  {
    PackWriter writer(*repository,
                      {.pack_size_target = kPackBytes, .upload_threads = 2, .priority = Priority::kIdle});
    std::future<void> saving = std::async(std::launch::async, [&] {
      for (unsigned i = 0; i < kPacks; ++i) writer.save(BlobType::kData, randomPack(i));
    });
    const auto status = saving.wait_for(std::chrono::minutes(1));
    EXPECT_EQ(status, std::future_status::ready) << "it waits";
    EXPECT_LE(writer.memoryInUse(), 2 * 5 * kPackBytes) << "open, on their way, spare";
    busy.letGo();
    saving.get();
    writer.flush();
  }
  const auto again = Repository::open(memory, kPassword);
  again->loadIndex();
  for (unsigned i = 0; i < kPacks; ++i)
    EXPECT_EQ(again->loadBlob(BlobType::kData, BlobId::of(randomPack(i))), randomPack(i));
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
  EXPECT_GT(storage_.list(storage::FileType::kPack).size(), 1U);
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
  const auto packs = storage_.list(storage::FileType::kPack);
  EXPECT_GT(packs.size(), 20U);
  for (const auto& pack : packs)
    EXPECT_EQ(Sha256::of(storage_.get({storage::FileType::kPack, pack.name}, pack.size)).hex(), pack.name);
}

}  // namespace
}  // namespace enamel::repository
