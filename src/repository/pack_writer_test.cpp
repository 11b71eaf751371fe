// How the writer's own threads and its callers share the storing of packs.
#include "repository/pack_writer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <random>

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

Bytes randomPack(unsigned seed) {
  std::mt19937_64 random(seed);
  Bytes data(kPackBytes - 1000);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

TEST(PackWriter, WhoIsAboveIdleDoesNotWaitForIdleThreads) {
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

}  // namespace
}  // namespace enamel::repository
