#include "repository/verify_blobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <random>
#include <utility>

#include "base/error.h"
#include "storage/memory.h"

namespace enamel::repository {
namespace {

using storage::FileHandle;
using storage::FileType;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Passes everything on and counts what is read of packs; may damage or refuse what it gives.
class WatchedStorage final : public storage::Storage {
 public:
  using Storage::put;
  void put(const FileHandle& file, std::span<const ByteView> parts) override { inner.put(file, parts); }
  void getRange(const FileHandle& file, std::uint64_t offset, MutableByteView out) override {
    inner.getRange(file, offset, out);
    if (file.type != FileType::kPack) return;
    const std::lock_guard lock(mutex);
    reads.push_back({file.name, offset});
    bytes += out.size();
    if (file.name != damaged.pack.hex()) return;
    const std::uint64_t at = damaged.offset + 20;
    if (damaged.stored_bytes == 0 || at < offset || at >= offset + out.size()) return;
    if (refuse) throw Error(ErrorCode::kIo, "the disk does not read there");
    out[at - offset] ^= 1;
  }
  Bytes get(const FileHandle& file, std::uint64_t size_max) override { return inner.get(file, size_max); }
  std::optional<std::uint64_t> size(const FileHandle& file) override { return inner.size(file); }
  std::vector<storage::FileInfo> list(FileType type) override { return inner.list(type); }
  void remove(const FileHandle& file) override { inner.remove(file); }
  void create() override { inner.create(); }
  std::string location() const override { return inner.location(); }

  storage::MemoryStorage inner;
  std::mutex mutex;  // guards what follows
  std::vector<std::pair<std::string, std::uint64_t>> reads;
  std::uint64_t bytes = 0;
  BlobLocation damaged;  // its bytes are changed on the way; nothing if stored_bytes is 0
  bool refuse = false;   // they are not given at all
};

class VerifyBlobsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Repository::create(storage_, "secret", KdfParameters::cheap(), Clock::system());
    repository_ = Repository::open(storage_, "secret");
    repository_->loadIndex();
    const auto writer = repository_->newWriter({.pack_size_target = 4U << 20});
    std::mt19937_64 random(1);
    for (int i = 0; i < 40; ++i) {
      Bytes data(300'000);
      for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
      ids_.push_back(writer->save(BlobType::kData, data).id);
    }
    writer->flush();
    storage_.reads.clear();
    storage_.bytes = 0;
  }
  std::map<BlobId, std::string> verify(std::vector<BlobId> ids, std::size_t threads = 1) {
    std::map<BlobId, std::string> damaged;
    verifyBlobs(
        *repository_, std::move(ids), threads,
        [&](const BlobId& id, const std::string& why) { damaged[id] = why; }, progress_, cancel_);
    return damaged;
  }

  WatchedStorage storage_;
  std::unique_ptr<Repository> repository_;
  std::vector<BlobId> ids_;
  Progress progress_;
  CancelToken cancel_;
};

TEST_F(VerifyBlobsTest, ReadsEachBlobOnceAndPacksFromFrontToBack) {
  std::vector<BlobId> twice(ids_.rbegin(), ids_.rend());
  twice.insert(twice.end(), ids_.begin(), ids_.end());
  EXPECT_THAT(verify(twice), IsEmpty());
  std::uint64_t stored = 0;
  std::map<std::string, std::uint64_t> at;
  for (const BlobId& id : ids_) stored += repository_->locate(BlobType::kData, id)->stored_bytes;
  EXPECT_EQ(storage_.bytes, stored);
  EXPECT_LT(storage_.reads.size(), ids_.size() / 5) << "many with one request";
  for (const auto& [pack, offset] : storage_.reads) {
    EXPECT_TRUE(at.count(pack) == 0 || at[pack] < offset);
    at[pack] = offset;
  }
  EXPECT_GT(at.size(), 1U);
  EXPECT_EQ(progress_.bytes_done, stored);
  EXPECT_EQ(progress_.bytes_total, stored);
}

TEST_F(VerifyBlobsTest, NamesWhatIsDamagedAndGoesOn) {
  storage_.damaged = *repository_->locate(BlobType::kData, ids_[7]);
  const auto damaged = verify(ids_, 3);
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_THAT(damaged.at(ids_[7]), HasSubstr(ids_[7].shortHex()));
}

TEST_F(VerifyBlobsTest, WhatCannotBeReadDoesNotTakeItsNeighboursAlong) {
  storage_.damaged = *repository_->locate(BlobType::kData, ids_[7]);
  storage_.refuse = true;
  const auto damaged = verify(ids_);
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_THAT(damaged.at(ids_[7]), HasSubstr("does not read"));
}

TEST_F(VerifyBlobsTest, NamesEveryBlobOfAMissingPackAndWhatIsInNoIndex) {
  const PackId pack = repository_->locate(BlobType::kData, ids_[0])->pack;
  std::size_t in_it = 0;
  for (const BlobId& id : ids_) in_it += repository_->locate(BlobType::kData, id)->pack == pack ? 1 : 0;
  storage_.remove({FileType::kPack, pack.hex()});
  std::vector<BlobId> ids = ids_;
  ids.push_back(BlobId::of(asBytes("never stored")));
  EXPECT_EQ(verify(ids).size(), in_it + 1);
}

TEST_F(VerifyBlobsTest, EndsWhenCancelled) {
  cancel_.cancel();
  EXPECT_THROW(verify(ids_), Error);
  EXPECT_TRUE(storage_.reads.empty());
}

}  // namespace
}  // namespace enamel::repository
