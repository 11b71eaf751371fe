#include "jobs/restore_target.h"

#include <gtest/gtest.h>

#include "jobs/testing/test_repository.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

class RestoreTargetTest : public testing::Test {
 protected:
  RestoreTarget target(bool into_existing = false) const { return {path_, snapshot_, into_existing}; }

  TempDirectory folder_;
  fs::path path_ = folder_.path() / "a" / "target";
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
