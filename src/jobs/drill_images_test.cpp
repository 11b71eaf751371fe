// Drills of snapshots that hold images alone: no server is needed.
#include <gtest/gtest.h>

#include "jobs/backup.h"
#include "jobs/drill.h"
#include "jobs/testing/test_repository.h"

namespace enamel::jobs {
namespace {

class DrillImagesTest : public testing::Test, protected TestRepository {
 protected:
  DrillReport drill() {
    DrillOptions options;
    options.scratch_folder = folder.path();
    options.read_images = 0;
    return runDrill(open(), options, progress_, cancel_);
  }

  Progress progress_;
  CancelToken cancel_;
};

// A sample may miss what is gone; the list of packs does not.
TEST_F(DrillImagesTest, FindsImagesWhosePacksAreGoneWithoutReadingThem) {
  writeFile("images/A/x.jpg", "pixels");
  BackupOptions backup;
  backup.images = path("images");
  backup.priority = Priority::kNormal;
  runBackup(open(), backup, progress_, cancel_);
  EXPECT_TRUE(drill().passed);
  opened->loadIndex();
  const auto at = opened->locate(repository::BlobType::kData,
                                 repository::BlobId::of(asBytes(std::string_view("pixels"))));
  ASSERT_TRUE(at);
  storage.remove({storage::FileType::kPack, at->pack.hex()});
  const DrillReport report = drill();
  EXPECT_FALSE(report.passed);
  EXPECT_NE(report.toText().find("A/x.jpg"), std::string::npos) << report.toText();
}

}  // namespace
}  // namespace enamel::jobs
