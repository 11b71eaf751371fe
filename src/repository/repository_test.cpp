#include "repository/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <functional>
#include <random>
#include <utility>

#include "base/file.h"
#include "base/subprocess.h"
#include "repository/check.h"
#include "repository/index_file.h"
#include "repository/lock.h"
#include "repository/testing/small_repository.h"
#include "storage/local.h"
#include "storage/testing/hooked.h"

namespace enamel::repository {
namespace {

using storage::FileType;
using storage::MemoryStorage;

using storage::HookedStorage;
using testing::codeOf;
using testing::kPassword;
using testing::randomData;
using testing::storeSnapshot;
using RepositoryTest = testing::SmallRepository;

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

TEST_F(RepositoryTest, NamesAWrongPassword) {
  EXPECT_EQ(codeOf([&] { Repository::open(storage_, "wrong"); }), ErrorCode::kWrongPassword);
}

TEST_F(RepositoryTest, KeysThatCannotBeReadAreNoWrongPassword) {
  open()->addKey("second", KdfParameters::cheap());
  HookedStorage hooked(storage_);
  const std::string unreadable = storage_.list(FileType::kKey).at(0).name;
  bool all = true;
  hooked.before_get = [&](const storage::FileHandle& file) {
    if (file.type == FileType::kKey && (all || file.name == unreadable))
      throw Error(ErrorCode::kIo, "bad disk");
  };
  EXPECT_EQ(codeOf([&] { Repository::open(hooked, kPassword); }), ErrorCode::kIo);
  all = false;
  try {
    Repository::open(hooked, "wrong");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kWrongPassword);
    EXPECT_NE(std::string(e.what()).find("bad disk"), std::string::npos) << e.what();
  }
}

TEST_F(RepositoryTest, OneUnreadableKeyDoesNotEndTheCheck) {
  HookedStorage hooked(storage_);
  const auto repository = Repository::open(hooked, kPassword);
  hooked.before_get = [&](const storage::FileHandle& file) {
    if (file.type == FileType::kKey) throw Error(ErrorCode::kIo, "bad disk");
  };
  Progress progress;
  const CheckResult result = check(*repository, {}, progress, CancelToken::never());
  EXPECT_THAT(result.errors, ::testing::ElementsAre("bad disk"));
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

TEST_F(RepositoryTest, LatestSaysWhatItPassesOver) {
  const Snapshot stored = storeSnapshot(*open(), {});
  const std::string bad = Sha256::of(asBytes("bad")).hex();
  storage_.put({FileType::kSnapshot, bad}, asBytes("nonsense"));
  std::vector<std::string> damaged;
  EXPECT_EQ(open()->findSnapshot("latest", &damaged).id, stored.id);
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_NE(damaged[0].find(bad), std::string::npos);
}

TEST_F(RepositoryTest, ASnapshotThatCannotBeReadIsNoDamage) {
  storeSnapshot(*open(), {});
  HookedStorage hooked(storage_);
  const auto repository = Repository::open(hooked, kPassword);
  hooked.before_get = [](const storage::FileHandle&) { throw Error(ErrorCode::kIo, "bad disk"); };
  std::vector<std::string> damaged;
  EXPECT_EQ(codeOf([&] { (void)repository->listSnapshots(&damaged); }), ErrorCode::kIo);
  EXPECT_EQ(codeOf([&] { (void)repository->findSnapshot("latest", &damaged); }), ErrorCode::kIo);
  EXPECT_TRUE(damaged.empty());
}

// Shared locks let a backup end while a check reads.
TEST_F(RepositoryTest, ABackupThatEndsDuringACheckIsNoDamage) {
  for (const FileType moment : {FileType::kKey, FileType::kSnapshot, FileType::kIndex, FileType::kPack}) {
    HookedStorage hooked(storage_);
    const auto repository = Repository::open(hooked, kPassword);
    hooked.after_list = [&, done = false](FileType type, const std::vector<storage::FileInfo>&) mutable {
      if (type != moment || std::exchange(done, true)) return;
      storeSnapshot(*open(), {randomData(1000, 50 + static_cast<unsigned>(moment))});
    };
    Progress progress;
    const CheckResult result = check(*repository, {.read_data = true}, progress, CancelToken::never());
    EXPECT_THAT(result.errors, ::testing::IsEmpty()) << storage::typeName(moment);
  }
}

// The same pack in several index files: what they agree on counts once, what they contradict is found.
TEST_F(RepositoryTest, ChecksPacksThatSeveralIndexFilesName) {
  const auto repository = open();
  repository->loadIndex();
  const auto writer = repository->newWriter();
  const BlobId first = writer->save(BlobType::kData, randomData(100, 1)).id;
  const BlobId second = writer->save(BlobType::kData, randomData(200, 2)).id;
  writer->flush();
  const BlobLocation at = *repository->locate(BlobType::kData, first);
  const PackedBlob known{
      .id = first, .type = BlobType::kData, .offset = at.offset, .stored_bytes = at.stored_bytes};
  repository->saveUnpacked(FileType::kIndex, encodeIndex({{.id = at.pack, .blobs = {known}}}));
  const CheckResult agreed = checkAll();
  EXPECT_THAT(agreed.errors, ::testing::IsEmpty());
  EXPECT_EQ(agreed.blobs, 2U);

  // Overlapping, past the end, and for a pack whose header is no help.
  PackedBlob overlapping = known;
  overlapping.id = second;
  overlapping.offset += 10;
  PackedBlob outside = known;
  outside.offset = 4'000'000'000U;
  repository->saveUnpacked(FileType::kIndex,
                           encodeIndex({{.id = at.pack, .blobs = {outside, overlapping, known}}}));
  EXPECT_FALSE(checkAll().ok());
  auto files = storage_.files();
  files[{FileType::kPack, at.pack.hex()}].back() ^= 0x40;
  storage_.setFiles(files);
  const CheckResult contradicted = checkAll();
  EXPECT_THAT(contradicted.errors, ::testing::Contains(::testing::HasSubstr("overlaps")));
  EXPECT_THAT(contradicted.errors, ::testing::Contains(::testing::HasSubstr("past the pack's end")));
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
  HookedStorage full(storage_);
  full.before_put = [](const storage::FileHandle& file) {
    if (file.type == FileType::kPack) throw Error(ErrorCode::kNoSpace, "full");
  };
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

TEST_F(RepositoryTest, ALockThatWasRemovedStopsTheWork) {
  const auto repository = open();
  {
    RepositoryLock lock(*repository, LockKind::kShared);
    EXPECT_NO_THROW(lock.check());
    removeLocks(*repository, true);
    EXPECT_EQ(codeOf([&] { lock.check(); }), ErrorCode::kRepositoryLocked);
  }
  CancelToken lost;
  RepositoryLock lock(*repository, LockKind::kShared, &lost, {.refresh = std::chrono::milliseconds(2)});
  while (!lost.cancelled()) removeLocks(*repository, true);
  EXPECT_EQ(codeOf([&] { lock.check(); }), ErrorCode::kRepositoryLocked);
}

TEST_F(RepositoryTest, ALockThatIsTooOldStopsTheWork) {
  const auto repository = open();
  CancelToken lost;
  RepositoryLock lock(*repository, LockKind::kShared, &lost,
                      {.refresh = std::chrono::milliseconds(2), .stale = std::chrono::milliseconds(1)});
  EXPECT_EQ(codeOf([&] { lock.check(); }), ErrorCode::kRepositoryLocked);
  while (!lost.cancelled()) std::this_thread::yield();
  EXPECT_EQ(storage_.list(FileType::kLock).size(), 1U) << "not written anew";
}

TEST_F(RepositoryTest, AnUnreadableLockKeepsEverybodyOut) {
  const auto repository = open();
  storage_.put({FileType::kLock, Sha256::of(asBytes("lock")).hex()}, asBytes("nonsense"));
  for (const LockKind kind : {LockKind::kShared, LockKind::kExclusive}) {
    try {
      const RepositoryLock lock(*repository, kind);
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kCorrupt);
      EXPECT_NE(e.hint().find("unlock --remove-all"), std::string::npos);
    }
  }
}

// What restic wrote, read and written again by us, has the same bytes: its names, its order, its omissions.
TEST(LocalRepository, WritesTreesAsResticWroteThem) {
  if (findProgram("restic").empty()) GTEST_SKIP() << "restic is not installed";
  const TempDirectory folder;
  const auto source = folder.path() / "source";
  std::filesystem::create_directories(source / "a folder & <more>");
  for (const char* name :
       {"plain.txt", "Zähne 歯🦷", "q\"u\\o`te'", "ctl\x01\x1f\x7f\n\t", "raw\xff\xc3(", "nb\u00a0sp",
        "shy\u00ad", "zw\u200b\u200d\u2028\u202e", "bom\ufeff", "pua\ue000\U000f0001",
        "tag\U000e0001\U000e0100", "non\ufdd0\uffff\U0001fffe", "repl\ufffd", "\u0085\u061c\u3000"})
    std::ofstream(source / name) << name;
  std::ofstream(source / "empty");
  std::filesystem::create_symlink("to & <nowhere>\u2028\x01\"", source / "link");
  std::filesystem::create_hard_link(source / "plain.txt", source / "a folder & <more>" / "hard link");
  const std::string where = folder.path() / "repo";
  const std::vector<std::string> environment = {"RESTIC_PASSWORD=" + std::string(kPassword)};
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"init"}, {"backup", source.string()}}) {
    std::vector<std::string> arguments = {"restic", "--no-cache", "-q", "-r", where};
    arguments.insert(arguments.end(), command.begin(), command.end());
    const CommandResult result = runCommand(arguments, environment);
    ASSERT_EQ(result.exit_status, 0) << result.output;
  }
  storage::LocalStorage storage(where);
  const auto repository = Repository::open(storage, kPassword);
  repository->loadIndex();
  std::vector<BlobId> trees = {repository->findSnapshot("latest").tree};
  std::size_t nodes = 0;
  while (!trees.empty()) {
    const BlobId id = trees.back();
    trees.pop_back();
    const Bytes written = repository->loadBlob(BlobType::kTree, id);
    const Tree tree = decodeTree(written, "tree");
    EXPECT_EQ(asText(encodeTree(tree)), asText(written));
    nodes += tree.nodes.size();
    for (const Node& node : tree.nodes) {
      if (node.subtree) trees.push_back(*node.subtree);
    }
  }
  EXPECT_GE(nodes, 18U);
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
