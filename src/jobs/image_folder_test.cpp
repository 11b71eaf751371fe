#include "jobs/image_folder.h"

#include <gtest/gtest.h>

#include "jobs/testing/test_repository.h"

namespace enamel::jobs {
namespace {

namespace fs = std::filesystem;

class ImageFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ / "images/A");
    fs::create_directories(root_ / "empty");
    fs::create_directories(root_ / "images/A/repository");
    std::ofstream(root_ / "file") << "x";
  }
  ImageFolder inspect(const fs::path& folder, const std::string& repository = "/nonexistent") const {
    return inspectImageFolder(folder, {}, repository);
  }

  TempDirectory folder_;
  fs::path root_ = fs::canonical(folder_.path());
};

TEST_F(ImageFolderTest, MissingEmptyAndNoFolderAreErrors) {
  EXPECT_EQ(errorCodeOf([&] { inspect(root_ / "missing"); }), ErrorCode::kNotFound);
  EXPECT_EQ(errorCodeOf([&] { inspect(root_ / "empty"); }), ErrorCode::kNotFound);
  EXPECT_EQ(errorCodeOf([&] { inspect(root_ / "file"); }), ErrorCode::kUsage);
}

TEST_F(ImageFolderTest, TheHintOfAnEmptyFolderSpeaksOfMounts) {
  try {
    inspect(root_ / "empty");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("mounted"), std::string::npos);
  }
}

TEST_F(ImageFolderTest, SymlinksAreFollowed) {
  fs::create_directory_symlink(root_ / "images", root_ / "link");
  EXPECT_EQ(inspect(root_ / "link").path, root_ / "images");
}

TEST_F(ImageFolderTest, ARepositoryInsideIsLeftOutAloud) {
  const ImageFolder found = inspect(root_ / "images", (root_ / "images/A/repository").string());
  EXPECT_EQ(found.excludes, std::vector<std::string>{(root_ / "images/A/repository").string()});
  EXPECT_EQ(found.recorded_excludes, std::vector<std::string>{"/images/A/repository"});
  EXPECT_EQ(found.warnings.size(), 1U);
}

TEST_F(ImageFolderTest, ARepositoryThatIsOrHoldsTheFolderIsRefused) {
  EXPECT_EQ(errorCodeOf([&] { inspect(root_ / "images", (root_ / "images/").string()); }), ErrorCode::kUsage);
  EXPECT_EQ(errorCodeOf([&] { inspect(root_ / "images/A", (root_ / "images").string()); }),
            ErrorCode::kUsage);
  // A name that only begins the same is another folder.
  EXPECT_EQ(inspect(root_ / "images", (root_ / "empty").string()).warnings.size(), 0U);
}

TEST_F(ImageFolderTest, ExcludesBecomeAbsolute) {
  const ImageFolder found =
      inspectImageFolder(root_ / "images", {"A/x", "./B/", "/absolute"}, "/nonexistent");
  EXPECT_EQ(found.excludes, (std::vector<std::string>{(root_ / "images/A/x").string(),
                                                      (root_ / "images/B").string(), "/absolute"}));
  EXPECT_EQ(found.recorded_excludes, (std::vector<std::string>{"/images/A/x", "/images/B"}));
  // Nothing has these names, and one is elsewhere: each is said.
  EXPECT_EQ(found.warnings.size(), 3U);
}

TEST_F(ImageFolderTest, AnExcludeThroughALinkToTheFolderIsInIt) {
  fs::create_directory_symlink(root_ / "images", root_ / "link");
  const ImageFolder found = inspectImageFolder(root_ / "link", {(root_ / "link/A").string()}, "/nonexistent");
  EXPECT_EQ(found.excludes, std::vector<std::string>{(root_ / "images/A").string()});
  EXPECT_EQ(found.recorded_excludes, std::vector<std::string>{"/images/A"});
  EXPECT_TRUE(found.warnings.empty());
}

TEST_F(ImageFolderTest, AnExcludeElsewhereIsSaidToDoNothing) {
  const ImageFolder found =
      inspectImageFolder(root_ / "images", {"../file", root_.string() + "/empty"}, "/nonexistent");
  EXPECT_TRUE(found.recorded_excludes.empty());
  EXPECT_EQ(found.warnings.size(), 2U);
}

}  // namespace
}  // namespace enamel::jobs
