#include "jobs/forget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/testing/test_repository.h"
#include "storage/testing/hooked.h"

namespace enamel::jobs {
namespace {

using repository::PruneOptions;
using storage::FileType;
using ::testing::HasSubstr;

class ForgetTest : public ::testing::Test {
 protected:
  // A snapshot of one file of its own, a day after the last.
  repository::Snapshot store(const std::string& host = "server") {
    repository_.clock.time.ns += 86'400LL * 1'000'000'000;
    repository::Repository& opened = repository_.open();
    opened.loadIndex();
    const auto writer = opened.newWriter();
    repository::Node file{.name = "file", .mode = 0644};
    const std::string content(200'000, static_cast<char>('a' + made_++));
    file.content.push_back(writer->save(repository::BlobType::kData, asBytes(content)).id);
    file.size = content.size();
    repository::Snapshot snapshot;
    snapshot.tree = writer->saveTree({{file}});
    snapshot.time = repository_.clock.time;
    snapshot.hostname = host;
    snapshot.paths = {"/images"};
    writer->flush();
    opened.saveSnapshot(snapshot);
    return snapshot;
  }
  ForgetResult forget(const ForgetOptions& options) {
    return runForget(repository_.open(), options, progress_, cancel_);
  }
  std::optional<Error> failure(const ForgetOptions& options) {
    try {
      forget(options);
    } catch (const Error& e) {
      return e;
    }
    return std::nullopt;
  }

  TestRepository repository_;
  Progress progress_;
  CancelToken cancel_;
  int made_ = 0;
};

TEST_F(ForgetTest, aRuleRemovesWhatItDoesNotKeep) {
  for (int i = 0; i < 4; ++i) store();
  const ForgetResult result =
      forget({.policy = {.last = 1}, .prune = PruneOptions{.unused_fraction_max = 0}});
  EXPECT_EQ(result.removed, 3U);
  EXPECT_EQ(result.kept, 1U);
  EXPECT_GT(result.prune->bytes_freed, 0U);
  EXPECT_EQ(repository_.snapshots(), 1U);
}

TEST_F(ForgetTest, whereThePruneCannotBeNoSnapshotGoes) {
  for (int i = 0; i < 3; ++i) store();
  // The pack of the newest, which is to stay, is gone.
  const auto newest = repository_.open().listSnapshots().back();
  repository_.opened->loadIndex();
  const auto place = repository_.opened->locate(repository::BlobType::kTree, newest.tree);
  repository_.storage.remove({FileType::kPack, place->pack.hex()});
  const auto error = failure({.policy = {.last = 1}, .prune = PruneOptions{}});
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kCorrupt);
  EXPECT_EQ(repository_.snapshots(), 3U);
}

TEST_F(ForgetTest, whatWasRemovedBeforeItFailedIsNamed) {
  for (int i = 0; i < 3; ++i) store();
  const auto oldest = repository_.open().listSnapshots().front();
  storage::HookedStorage hooked(repository_.storage);
  hooked.before_remove = [](const storage::FileHandle& file) {
    if (file.type == FileType::kPack || file.type == FileType::kIndex)
      throw Error(ErrorCode::kIo, "the cable is out");
  };
  const auto opened = repository::Repository::open(hooked, "password", repository_.clock);
  try {
    runForget(*opened, {.policy = {.last = 1}, .prune = PruneOptions{.unused_fraction_max = 0}}, progress_,
              cancel_);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr(oldest.id.shortHex()));
    EXPECT_THAT(e.what(), HasSubstr("the cable is out"));
    EXPECT_THAT(e.hint(), HasSubstr("enamel prune"));
  }
  EXPECT_EQ(repository_.snapshots(), 1U);
}

TEST_F(ForgetTest, theLastOfAGroupIsRemovedByForceOnly) {
  const auto only = store(), other = store("laptop");
  const auto error = failure({.snapshots = {only.id.hex()}});
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kUsage);
  EXPECT_THAT(error->what(), HasSubstr("server"));
  EXPECT_EQ(repository_.snapshots(), 2U);
  forget({.snapshots = {only.id.hex()}, .force = true, .prune = PruneOptions{}});
  forget({.snapshots = {other.id.hex()}, .force = true, .prune = PruneOptions{}});
  EXPECT_EQ(repository_.snapshots(), 0U);
  EXPECT_TRUE(repository_.storage.list(FileType::kPack).empty());
}

TEST_F(ForgetTest, optionsThatDoNotGoTogetherAreRefused) {
  const auto snapshot = store();
  store();
  for (const ForgetOptions& options :
       {ForgetOptions{}, ForgetOptions{.snapshots = {"latest"}, .policy = {.last = 1}},
        ForgetOptions{.snapshots = {snapshot.id.hex()}, .host = "server"},
        ForgetOptions{.snapshots = {snapshot.id.hex()}, .tags = {"x"}},
        ForgetOptions{.policy = {.last = 1}, .force = true},
        ForgetOptions{.policy = {.last = 1}, .host = ""}})
    EXPECT_EQ(failure(options)->code(), ErrorCode::kUsage);
  EXPECT_EQ(failure({.policy = {.last = 1}, .host = "typo"})->code(), ErrorCode::kNotFound);
  EXPECT_EQ(repository_.snapshots(), 2U);
}

TEST_F(ForgetTest, aDryRunChangesNothing) {
  for (int i = 0; i < 3; ++i) store();
  const auto before = repository_.storage.files();
  const ForgetResult result =
      forget({.policy = {.last = 1}, .dry_run = true, .prune = PruneOptions{.unused_fraction_max = 0}});
  EXPECT_EQ(result.removed, 2U);
  EXPECT_EQ(result.prune->snapshots, 1U);
  EXPECT_GT(result.prune->bytes_freed, 0U);
  EXPECT_EQ(repository_.storage.files(), before);
}

}  // namespace
}  // namespace enamel::jobs
