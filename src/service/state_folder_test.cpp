#include "service/state_folder.h"

#include <gtest/gtest.h>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

TEST(StateFolder, IsForItsOwnerOnlyWithAllItHolds) {
  const TempDirectory parent;
  const StateFolder state(parent.path() / "state");
  EXPECT_EQ(modeOf(parent.path() / "state"), 0700);
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(parent.path() / "state")) {
    EXPECT_EQ(modeOf(file.path()), 0600) << file.path();
    ++files;
  }
  EXPECT_GE(files, 2);
}

TEST(StateFolder, ModesThatAreWiderAreNarrowed) {
  const TempDirectory parent;
  const auto folder = parent.path() / "state";
  { const StateFolder state(folder); }
  ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
  ASSERT_EQ(::chmod((folder / "state.db").c_str(), 0644), 0);
  const StateFolder state(folder);
  EXPECT_EQ(modeOf(folder), 0700);
  EXPECT_EQ(modeOf(folder / "state.db"), 0600);
}

TEST(StateFolder, IsUsedByOneAtATime) {
  const TempDirectory parent;
  {
    const StateFolder state(parent.path() / "state");
    EXPECT_EQ(errorCodeOf([&] { const StateFolder second(parent.path() / "state"); }), ErrorCode::kExists);
  }
  StateFolder next(parent.path() / "state");
  EXPECT_EQ(next.database().integer("SELECT count(*) FROM runs"), 0);
}

TEST(StateFolder, AFileInItsPlaceAndAMissingParentAreErrors) {
  const TempDirectory parent;
  writeText(parent.path() / "file", "x");
  EXPECT_EQ(errorCodeOf([&] { const StateFolder state(parent.path() / "file"); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { const StateFolder state(parent.path() / "no" / "state"); }),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace enamel::service
