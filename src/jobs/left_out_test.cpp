#include "jobs/left_out.h"

#include <gtest/gtest.h>

namespace enamel::jobs {
namespace {

TEST(LeftOut, HoldsWhatIsAtOrBelowAPathOfTheImageFolder) {
  const LeftOut left_out({"/images/A/AdamsTom12", "/images/b/x.jpg"});
  EXPECT_TRUE(left_out.has("A/AdamsTom12"));
  EXPECT_TRUE(left_out.has("A/AdamsTom12/scan.jpg"));
  EXPECT_TRUE(left_out.has("a/adamstom12/SCAN.jpg"));
  EXPECT_TRUE(left_out.has("B/x.jpg"));
  EXPECT_FALSE(left_out.has("A/AdamsTom123/scan.jpg"));
  EXPECT_FALSE(left_out.has("A"));
  EXPECT_FALSE(left_out.has(""));
}

// Somebody else's patterns must not excuse a file that is missing.
TEST(LeftOut, UnderstandsNothingElse) {
  const LeftOut left_out({"*", "/", "/images", "/images/", "images/A", "/database/x", ""});
  EXPECT_TRUE(left_out.empty());
  EXPECT_FALSE(left_out.has("A/AdamsTom12/scan.jpg"));
}

}  // namespace
}  // namespace enamel::jobs
