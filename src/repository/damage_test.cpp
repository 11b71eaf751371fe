// Repositories that lost something: what is said, and what is made good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <tuple>

#include "repository/check.h"
#include "repository/repository.h"
#include "repository/testing/small_repository.h"
#include "storage/testing/hooked.h"

namespace enamel::repository {
namespace {

using storage::FileType;
using storage::MemoryStorage;

using testing::codeOf;
using testing::kPassword;
using testing::randomData;
using testing::storeSnapshot;
using DamageTest = testing::SmallRepository;

// Each kind of file, damaged in each way: what is said names the file and says what to do.
TEST_F(DamageTest, SaysWhatToDoAboutEveryDamagedFile) {
  storeSnapshot(*open(), {randomData(700, 1)});
  const MemoryStorage::Files healthy = storage_.files();
  for (const auto& [key, data] : healthy) {
    for (const std::size_t size : {data.size(), data.size() / 2, std::size_t{0}}) {
      auto files = healthy;
      files[key].resize(size);
      if (size == data.size()) files[key][size / 2] ^= 0x40;
      storage_.setFiles(files);
      const std::string what = storage::FileHandle{key.first, key.second}.describe();
      try {
        const auto repository = open();
        const Snapshot snapshot = repository->findSnapshot("latest");
        repository->loadIndex();
        for (const Node& node : repository->loadTree(snapshot.tree).nodes)
          for (const BlobId& blob : node.content) (void)repository->loadBlob(BlobType::kData, blob);
        ADD_FAILURE() << what << " of " << size << " bytes was not noticed";
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), ErrorCode::kCorrupt) << e.what();
        EXPECT_NE(e.hint(), "") << e.what();
        EXPECT_THAT(e.what(), ::testing::HasSubstr(key.second)) << what;
        EXPECT_THAT(e.what(), ::testing::HasSubstr(std::string(storage::typeName(key.first)))) << what;
      }
    }
  }
}

// What is only said of a key (who made it, when) is not what opens.
TEST_F(DamageTest, AKeyThatStillOpensDoesItsWork) {
  auto files = storage_.files();
  Bytes& key = files[only(FileType::kKey)];
  const auto at = std::string(asText(key)).find("created");
  key.at(at + 13) ^= 1;  // the last digit of the year
  storage_.setFiles(files);
  EXPECT_NO_THROW(open());
  const CheckResult result = checkAll();
  EXPECT_THAT(result.errors, ::testing::ElementsAre(::testing::HasSubstr("do not fit its name")));
  EXPECT_THAT(result.advice, ::testing::ElementsAre(::testing::HasSubstr("enamel key add")));
}

TEST_F(DamageTest, ARepositoryWithoutItsConfigIsDamagedAndNotMissing) {
  storeSnapshot(*open(), {randomData(700, 1)});
  auto files = storage_.files();
  files.erase({FileType::kConfig, ""});
  storage_.setFiles(files);
  EXPECT_EQ(codeOf([&] { open(); }), ErrorCode::kCorrupt);
}

TEST_F(DamageTest, WhereTheMakingOfARepositoryWasCutOffThereIsNone) {
  auto files = storage_.files();
  files.erase({FileType::kConfig, ""});
  storage_.setFiles(files);
  EXPECT_EQ(codeOf([&] { open(); }), ErrorCode::kNoRepository);
}

// A blob that lies in two packs is read from either, whichever of them is damaged and in whatever way.
TEST_F(DamageTest, ReadsABlobFromWhereItIsWhole) {
  const Bytes data = randomData(700, 1);
  for (int i = 0; i < 2; ++i) {
    // The second does not see the first's index.
    MemoryStorage::Files hidden = storage_.files();
    auto without = hidden;
    std::erase_if(without, [](const auto& file) { return file.first.first == FileType::kIndex; });
    storage_.setFiles(without);
    const auto repository = open();
    repository->loadIndex();
    const auto writer = repository->newWriter();
    writer->save(BlobType::kData, data);
    writer->flush();
    for (const auto& file : storage_.files()) hidden.insert(file);
    storage_.setFiles(hidden);
  }
  const MemoryStorage::Files healthy = storage_.files();
  ASSERT_EQ(storage_.list(FileType::kPack).size(), 2U);
  for (const auto& pack : storage_.list(FileType::kPack)) {
    const MemoryStorage::Key key{FileType::kPack, pack.name};
    for (const char* damage : {"missing", "cut", "changed"}) {
      auto files = healthy;
      if (std::string_view(damage) == "missing") files.erase(key);
      if (std::string_view(damage) == "cut") files[key].resize(100);
      if (std::string_view(damage) == "changed") files[key][100] ^= 1;
      storage_.setFiles(files);
      const auto repository = open();
      repository->loadIndex();
      EXPECT_EQ(repository->loadBlob(BlobType::kData, BlobId::of(data)), data) << damage;
    }
    auto files = healthy;
    files.erase(key);
    storage_.setFiles(files);
    EXPECT_THAT(checkAll().errors, ::testing::Contains(::testing::HasSubstr("nothing is lost")));
  }
}

TEST_F(DamageTest, WhatCannotBeReadIsStoredAgain) {
  const Bytes data = randomData(700, 1);
  const Snapshot snapshot = storeSnapshot(*open(), {data});
  const MemoryStorage::Files healthy = storage_.files();
  const auto storesAgain = [&] {
    const auto repository = open();
    repository->loadIndex();
    const PackDamage damage = repository->distrustDamagedPacks();
    try {
      (void)repository->loadBlob(BlobType::kData, BlobId::of(data));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kCorrupt);
    }
    const bool stored = repository->has(BlobType::kData, BlobId::of(data));
    const auto writer = repository->newWriter();
    EXPECT_EQ(writer->save(BlobType::kData, data).is_new, !stored);
    writer->flush();
    EXPECT_EQ(repository->loadBlob(BlobType::kData, BlobId::of(data)), data);
    return std::tuple(damage.missing, damage.cut_off, !stored);
  };
  EXPECT_EQ(storesAgain(), std::tuple(0U, 0U, false));
  const auto repository = open();
  repository->loadIndex();
  const MemoryStorage::Key key{FileType::kPack,
                               repository->locate(BlobType::kData, BlobId::of(data))->pack.hex()};
  const auto with = [&](const std::function<void(MemoryStorage::Files&)>& damage) {
    auto files = healthy;
    damage(files);
    storage_.setFiles(files);
    return storesAgain();
  };
  EXPECT_EQ(with([&](auto& files) { files.erase(key); }), std::tuple(1U, 0U, true));
  EXPECT_EQ(with([&](auto& files) { files[key].pop_back(); }), std::tuple(0U, 1U, true));
  EXPECT_EQ(with([&](auto& files) { files[key].clear(); }), std::tuple(0U, 1U, true));
  // Found only as it is read.
  EXPECT_EQ(with([&](auto& files) { files[key][100] ^= 1; }), std::tuple(0U, 0U, true));
  // All that the index names may be there.
  EXPECT_EQ(with([&](auto& files) { files[key].push_back(0); }), std::tuple(0U, 0U, false));
}

// Packs in no index do no harm only where nothing is missed.
TEST_F(DamageTest, CheckSaysHowALostIndexIsMadeAnew) {
  storeSnapshot(*open(), {randomData(700, 1)});
  const MemoryStorage::Files healthy = storage_.files();
  const MemoryStorage::Key index = only(FileType::kIndex);
  for (const bool missing : {true, false}) {
    auto files = healthy;
    if (missing) {
      files.erase(index);
    } else {
      files[index].pop_back();
    }
    storage_.setFiles(files);
    const CheckResult result = checkAll();
    EXPECT_FALSE(result.ok());
    ASSERT_EQ(result.warnings.size(), 2U);
    for (const std::string& warning : result.warnings) EXPECT_THAT(warning, ::testing::HasSubstr("may hold"));
    EXPECT_THAT(result.advice,
                ::testing::ElementsAre(::testing::AllOf(::testing::HasSubstr("rebuild-index"),
                                                        ::testing::HasSubstr("repair index"))));
  }
  auto files = healthy;
  std::erase_if(files, [](const auto& file) {
    return file.first.first == FileType::kIndex || file.first.first == FileType::kSnapshot;
  });
  storage_.setFiles(files);
  const CheckResult left = checkAll();
  EXPECT_TRUE(left.ok());
  EXPECT_THAT(left.warnings, ::testing::Each(::testing::HasSubstr("does no harm")));
  EXPECT_TRUE(left.advice.empty());
}

// A prune by another program: the index file that was listed is gone, its replacement was not there yet.
TEST_F(DamageTest, AnIndexReplacedWhileItIsReadIsReadAgain) {
  const Snapshot snapshot = storeSnapshot(*open(), {randomData(1000, 1)});
  storage::HookedStorage changing(storage_);
  int lists = 0;
  changing.after_list = [&](FileType type, std::vector<storage::FileInfo>& files) {
    if (type == FileType::kIndex && ++lists == 1) files = {{.name = std::string(64, 'a'), .size = 1000}};
  };
  const auto repository = Repository::open(changing, kPassword);
  repository->loadIndex();
  EXPECT_EQ(lists, 2);
  EXPECT_TRUE(repository->has(BlobType::kTree, snapshot.tree));
}

TEST_F(DamageTest, AnIndexThatNeverStandsStillIsSaidToBe) {
  storeSnapshot(*open(), {randomData(1000, 1)});
  storage::HookedStorage changing(storage_);
  char digit = 'a';
  changing.after_list = [&](FileType type, std::vector<storage::FileInfo>& files) {
    if (type == FileType::kIndex) files.push_back({.name = std::string(64, digit++), .size = 1000});
  };
  const auto repository = Repository::open(changing, kPassword);
  EXPECT_EQ(codeOf([&] { repository->loadIndex(); }), ErrorCode::kRepositoryLocked);
}

// One bad sector: every other blob of the pack is read, and the one it hits is named.
TEST_F(DamageTest, AnUnreadablePlaceCostsTheBlobThatLiesThere) {
  std::vector<Bytes> blobs;
  for (unsigned i = 0; i < 6; ++i) blobs.push_back(randomData(50'000, i));
  storeSnapshot(*open(), blobs);
  const auto reader = open();
  reader->loadIndex();
  const BlobLocation bad = reader->locate(BlobType::kData, BlobId::of(blobs[2])).value();
  const BlobLocation other = reader->locate(BlobType::kData, BlobId::of(blobs[4])).value();
  auto files = storage_.files();
  files.at({FileType::kPack, other.pack.hex()}).at(other.offset + 20) ^= 1;
  storage_.setFiles(files);
  storage::HookedStorage failing(storage_);
  failing.before_get_range = [&](const storage::FileHandle& file, std::uint64_t offset, std::size_t bytes) {
    if (file.name == bad.pack.hex() && offset <= bad.offset && bad.offset < offset + bytes)
      throw Error(ErrorCode::kIo, "read pack: Input/output error");
  };
  const auto repository = Repository::open(failing, kPassword);
  Progress progress;
  const CheckResult result = check(*repository, {.read_data = true}, progress, CancelToken::never());
  EXPECT_THAT(result.errors,
              ::testing::UnorderedElementsAre(
                  ::testing::HasSubstr("blob " + BlobId::of(blobs[2]).shortHex() + " cannot be read"),
                  ::testing::HasSubstr("blob " + BlobId::of(blobs[4]).shortHex())));
}

}  // namespace
}  // namespace enamel::repository
