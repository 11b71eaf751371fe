#include "repository/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "base/file.h"
#include "repository/check.h"
#include "repository/lock.h"
#include "storage/local.h"
#include "storage/memory.h"

namespace enamel::repository {
namespace {

using storage::FileType;
using storage::MemoryStorage;

constexpr std::string_view kPassword = "correct horse";

template <class F>
ErrorCode codeOf(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kInternal;
}

Bytes randomData(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  Bytes data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

// A repository with one snapshot of one folder with one file of the given blobs.
Snapshot storeSnapshot(Repository& repository, const std::vector<Bytes>& blobs) {
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

class RepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override { Repository::create(storage_, kPassword, KdfParameters::cheap(), Clock::system()); }
  std::unique_ptr<Repository> open() { return Repository::open(storage_, kPassword); }
  CheckResult checkAll(bool read_data = true) {
    Progress progress;
    const auto repository = open();
    return check(*repository, {.read_data = read_data}, progress, CancelToken::never());
  }
  // The only file of a type.
  MemoryStorage::Key only(FileType type) {
    const auto files = storage_.list(type);
    EXPECT_EQ(files.size(), 1U);
    return {type, files.at(0).name};
  }

  MemoryStorage storage_;
};

TEST_F(RepositoryTest, GivesBackWhatWasStored) {
  const std::vector<Bytes> blobs = {randomData(100000, 1), Bytes(300000, 'a'), randomData(5, 2), {}};
  const Snapshot stored = storeSnapshot(*open(), blobs);
  const auto repository = open();
  repository->loadIndex();
  const Snapshot found = repository->findSnapshot("latest");
  EXPECT_EQ(found.id, stored.id);
  const Tree tree = repository->loadTree(found.tree);
  ASSERT_EQ(tree.nodes.size(), 1U);
  ASSERT_EQ(tree.nodes[0].content.size(), blobs.size());
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    EXPECT_EQ(repository->loadBlob(BlobType::kData, tree.nodes[0].content[i]), blobs[i]);
  }
  const CheckResult result = checkAll();
  EXPECT_THAT(result.errors, ::testing::IsEmpty());
  EXPECT_THAT(result.warnings, ::testing::IsEmpty());
  EXPECT_EQ(result.blobs, 5U);
}

RC_GTEST_FIXTURE_PROP(RepositoryTest, AnyBlobsComeBackOnceStored, (const std::vector<std::string>& texts)) {
  MemoryStorage storage;
  Repository::create(storage, kPassword, KdfParameters::cheap(), Clock::system());
  std::vector<BlobId> ids;
  {
    const auto repository = Repository::open(storage, kPassword);
    repository->loadIndex();
    const auto writer = repository->newWriter();
    for (const std::string& text : texts) ids.push_back(writer->save(BlobType::kData, asBytes(text)).id);
    writer->flush();
    const std::set<std::string> distinct(texts.begin(), texts.end());
    RC_ASSERT(writer->stats().data_blobs == distinct.size());
  }
  const auto repository = Repository::open(storage, kPassword);
  repository->loadIndex();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    RC_ASSERT(asText(repository->loadBlob(BlobType::kData, ids[i])) == texts[i]);
  }
}

TEST_F(RepositoryTest, StoresABlobOnceFromManyThreads) {
  const auto repository = open();
  repository->loadIndex();
  const auto writer = repository->newWriter({.pack_size_target = 1U << 20});
  std::atomic<int> fresh{0};
  parallelFor(400, 4, Priority::kNormal, [&](std::size_t i) {
    if (writer->save(BlobType::kData, randomData(20000, static_cast<unsigned>(i % 100))).is_new) ++fresh;
  });
  writer->flush();
  EXPECT_EQ(fresh, 100);
  EXPECT_GT(storage_.list(FileType::kPack).size(), 1U);
  EXPECT_EQ(writer->stats().data_blobs, 100U);
}

TEST_F(RepositoryTest, NamesAWrongPassword) {
  EXPECT_EQ(codeOf([&] { Repository::open(storage_, "wrong"); }), ErrorCode::kWrongPassword);
}

TEST_F(RepositoryTest, OpensWithAnyOfSeveralPasswords) {
  open()->addKey("second", KdfParameters::cheap());
  EXPECT_NO_THROW(Repository::open(storage_, "second"));
  EXPECT_NO_THROW(open());
  EXPECT_EQ(storage_.list(FileType::kKey).size(), 2U);
}

TEST_F(RepositoryTest, IsNotCreatedTwice) {
  EXPECT_EQ(codeOf([&] { Repository::create(storage_, kPassword, KdfParameters::cheap(), Clock::system()); }),
            ErrorCode::kExists);
}

TEST(RepositoryOpen, NamesAMissingRepository) {
  MemoryStorage storage;
  EXPECT_EQ(codeOf([&] { Repository::open(storage, kPassword); }), ErrorCode::kNoRepository);
}

TEST_F(RepositoryTest, FindsSnapshotsByPrefix) {
  const auto repository = open();
  const Snapshot stored = storeSnapshot(*repository, {});
  EXPECT_EQ(repository->findSnapshot(stored.id.hex().substr(0, 6)).id, stored.id);
  EXPECT_EQ(codeOf([&] { repository->findSnapshot("zzzz"); }), ErrorCode::kUsage);
  EXPECT_EQ(codeOf([&] { repository->findSnapshot("ab"); }), ErrorCode::kUsage);
  std::string other = stored.id.hex().substr(0, 8);
  other[0] = other[0] == 'a' ? 'b' : 'a';
  EXPECT_EQ(codeOf([&] { repository->findSnapshot(other); }), ErrorCode::kNotFound);
}

// Every file of a small repository, every tenth byte of it flipped, cut short, or the file gone: open or
// check must say so, and nothing may crash.
TEST_F(RepositoryTest, NoticesEveryDamage) {
  storeSnapshot(*open(), {randomData(700, 1), Bytes(500, 'x')});
  const MemoryStorage::Files healthy = storage_.files();
  const auto noticed = [&]() {
    try {
      return !checkAll().ok();
    } catch (const Error& e) {
      return e.code() != ErrorCode::kInternal;
    }
  };
  ASSERT_FALSE(noticed());
  for (const auto& [key, data] : healthy) {
    const std::string what = storage::FileHandle{key.first, key.second}.describe();
    for (std::size_t at = 0; at < data.size(); at += 10) {
      auto files = healthy;
      files[key][at] ^= 1;
      storage_.setFiles(files);
      EXPECT_TRUE(noticed()) << what << " flipped at " << at;
      files[key].resize(at);
      storage_.setFiles(files);
      EXPECT_TRUE(noticed()) << what << " cut at " << at;
    }
    auto files = healthy;
    files.erase(key);
    storage_.setFiles(files);
    // A repository without the snapshot is a whole repository.
    EXPECT_EQ(noticed(), key.first != FileType::kSnapshot) << what << " missing";
  }
}

TEST_F(RepositoryTest, AFailedPutFailsTheWriterForGood) {
  class FullStorage final : public storage::Storage {
   public:
    explicit FullStorage(MemoryStorage& inner) : inner_(inner) {}
    using Storage::put;
    void put(const storage::FileHandle& file, std::span<const ByteView> parts) override {
      if (file.type == FileType::kPack) throw Error(ErrorCode::kNoSpace, "full");
      inner_.put(file, parts);
    }
    void getRange(const storage::FileHandle& f, std::uint64_t o, MutableByteView b) override {
      inner_.getRange(f, o, b);
    }
    Bytes get(const storage::FileHandle& f, std::uint64_t m) override { return inner_.get(f, m); }
    std::optional<std::uint64_t> size(const storage::FileHandle& f) override { return inner_.size(f); }
    std::vector<storage::FileInfo> list(FileType t) override { return inner_.list(t); }
    void remove(const storage::FileHandle& f) override { inner_.remove(f); }
    void create() override { inner_.create(); }
    std::string location() const override { return "full"; }

   private:
    MemoryStorage& inner_;
  } full(storage_);
  const auto repository = Repository::open(full, kPassword);
  repository->loadIndex();
  {
    const auto writer = repository->newWriter();
    writer->save(BlobType::kData, randomData(1000, 1));
    EXPECT_EQ(codeOf([&] { writer->flush(); }), ErrorCode::kNoSpace);
    EXPECT_EQ(codeOf([&] { writer->save(BlobType::kData, randomData(1000, 2)); }), ErrorCode::kNoSpace);
  }
  EXPECT_FALSE(repository->has(BlobType::kData, BlobId::of(randomData(1000, 1))));
  EXPECT_TRUE(storage_.list(FileType::kIndex).empty());
}

TEST_F(RepositoryTest, SharedLocksGoTogetherExclusiveOnesDoNot) {
  const auto repository = open();
  {
    const RepositoryLock a(*repository, LockKind::kShared);
    const RepositoryLock b(*repository, LockKind::kShared);
    EXPECT_EQ(codeOf([&] { RepositoryLock(*repository, LockKind::kExclusive); }),
              ErrorCode::kRepositoryLocked);
    EXPECT_EQ(storage_.list(FileType::kLock).size(), 2U);
  }
  EXPECT_TRUE(storage_.list(FileType::kLock).empty());
  const RepositoryLock c(*repository, LockKind::kExclusive);
  EXPECT_EQ(codeOf([&] { RepositoryLock(*repository, LockKind::kShared); }), ErrorCode::kRepositoryLocked);
}

TEST_F(RepositoryTest, StaleLocksAreRemoved) {
  const auto repository = open();
  const auto put = [&](Timestamp time, const std::string& host, std::int64_t pid) {
    repository->saveUnpacked(
        FileType::kLock,
        encodeLockFile({.time = time, .exclusive = true, .hostname = host, .username = "x", .pid = pid}));
  };
  const Timestamp now = Clock::system().now();
  put({now.ns - 31LL * 60 * 1'000'000'000}, "elsewhere", 1);
  { const RepositoryLock lock(*repository, LockKind::kShared); }
  EXPECT_TRUE(storage_.list(FileType::kLock).empty());
  put(now, "elsewhere", 1);
  EXPECT_EQ(codeOf([&] { RepositoryLock(*repository, LockKind::kShared); }), ErrorCode::kRepositoryLocked);
  EXPECT_EQ(removeLocks(*repository, false), 0U);
  EXPECT_EQ(removeLocks(*repository, true), 1U);
}

TEST_F(RepositoryTest, ALockIsRefreshedWhileHeld) {
  const auto repository = open();
  const RepositoryLock lock(*repository, LockKind::kShared, nullptr,
                            {.refresh = std::chrono::milliseconds(2)});
  const std::string first = storage_.list(FileType::kLock).at(0).name;
  // Bounded by the test runner's own limit only: the refresh happens or the test hangs.
  for (;;) {
    const auto locks = storage_.list(FileType::kLock);
    if (!locks.empty() &&
        std::none_of(locks.begin(), locks.end(), [&](const auto& f) { return f.name == first; }))
      break;
    std::this_thread::yield();
  }
  SUCCEED();
}

TEST(LocalRepository, IsLaidOutAsResticDoes) {
  const TempDirectory folder;
  storage::LocalStorage storage(folder.path() / "repo");
  Repository::create(storage, kPassword, KdfParameters::cheap(), Clock::system());
  const auto repository = Repository::open(storage, kPassword);
  storeSnapshot(*repository, {randomData(1000, 1)});
  for (const char* name : {"config", "data/00", "data/ff", "index", "keys", "locks", "snapshots"}) {
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "repo" / name)) << name;
  }
  Progress progress;
  EXPECT_TRUE(check(*repository, {.read_data = true}, progress, CancelToken::never()).ok());
}

}  // namespace
}  // namespace enamel::repository
