#include "jobs/restore_target.h"

#include <gtest/gtest.h>

#include "jobs/testing/test_repository.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

class RestoreTargetTest : public testing::Test {
 protected:
  RestoreTarget target(bool into_existing = false) const { return {path_, snapshot_, only_, into_existing}; }

  TempDirectory folder_;
  fs::path path_ = folder_.path() / "a" / "target";
  std::vector<std::string> only_;
  repository::SnapshotId snapshot_ = repository::SnapshotId::of(asBytes("one"));
};

TEST_F(RestoreTargetTest, LookingMakesNothing) {
  target();
  EXPECT_FALSE(fs::exists(folder_.path() / "a"));
}

TEST_F(RestoreTargetTest, IsMarkedWhileItIsFilled) {
  RestoreTarget made = target();
  made.begin();
  EXPECT_TRUE(fs::exists(path_ / RestoreTarget::kMark));
  made.finish();
  EXPECT_TRUE(fs::is_empty(path_));
}

TEST_F(RestoreTargetTest, AnInterruptedOneGoesOnWithTheSameSnapshotOnly) {
  target().begin();
  std::ofstream(path_ / "half") << "x";
  EXPECT_NO_THROW(target());
  snapshot_ = repository::SnapshotId::of(asBytes("two"));
  EXPECT_EQ(errorCodeOf([&] { target(); }), ErrorCode::kExists);
  EXPECT_NO_THROW(target(true));
}

TEST_F(RestoreTargetTest, AnInterruptedOneGoesOnWithTheSamePartsOnly) {
  only_ = {"/images/A", "/images/B"};
  target().begin();
  only_ = {"/images/B", "/images/A"};
  EXPECT_NO_THROW(target());
  for (const std::vector<std::string>& other :
       std::vector<std::vector<std::string>>{{}, {"/images/A"}, {"/images/A/images/B"}}) {
    only_ = other;
    EXPECT_EQ(errorCodeOf([&] { target(); }), ErrorCode::kExists);
  }
}

TEST_F(RestoreTargetTest, LeavesTheMarkOfAnotherRestore) {
  only_ = {"/images/A"};
  target().begin();
  const Bytes mark = readFile(path_ / RestoreTarget::kMark, 4096);
  only_ = {"/images/B"};
  RestoreTarget other = target(true);
  other.begin();
  other.finish();
  EXPECT_EQ(readFile(path_ / RestoreTarget::kMark, 4096), mark);
}

TEST_F(RestoreTargetTest, WhatHoldsSomethingIsRefusedUnlessAllowed) {
  fs::create_directories(path_);
  EXPECT_NO_THROW(target());
  fs::create_directory(path_ / "lost+found");
  EXPECT_NO_THROW(target());
  std::ofstream(path_ / "precious") << "x";
  EXPECT_EQ(errorCodeOf([&] { target(); }), ErrorCode::kExists);
  EXPECT_NO_THROW(target(true));
}

TEST_F(RestoreTargetTest, AMarkThatIsNoFileCountsAsContent) {
  fs::create_directories(path_ / RestoreTarget::kMark);
  EXPECT_EQ(errorCodeOf([&] { target(); }), ErrorCode::kExists);
}

TEST_F(RestoreTargetTest, AFileIsNoTarget) {
  fs::create_directories(path_.parent_path());
  std::ofstream(path_.string()) << "x";
  EXPECT_EQ(errorCodeOf([&] { target(true); }), ErrorCode::kExists);
}

}  // namespace
}  // namespace enamel::jobs
