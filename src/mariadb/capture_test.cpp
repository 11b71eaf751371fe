#include "mariadb/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CaptureTest : public CaptureFixture {};

TEST_F(CaptureTest, takesMyIsamTablesAsTheirFilesAndGivesThemBack) {
  fill("patient", 3000);
  fill("payment", 100);
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_THAT(result.warnings, IsEmpty()) << result.warnings.front();
  ASSERT_EQ(result.manifest.tables.size(), 2U);
  const ManifestTable& patient = *result.manifest.find("patient");
  EXPECT_EQ(patient.form, TableForm::kFiles);
  EXPECT_EQ(patient.rows, 3000U);
  EXPECT_EQ(result.manifest.lock_method, "BACKUP STAGE");
  EXPECT_GT(result.manifest.lock_seconds, 0);
  EXPECT_LT(node(result, "practice/patient.MYI")->size, 4096U);
  EXPECT_EQ(node(result, "practice/patient.MYD")->size,
            std::filesystem::file_size(databaseFolder() / "patient.MYD"));
  expectRestores(result);
}

TEST_F(CaptureTest, keepsIndexesWhenAsked) {
  fill("patient", 3000);
  options_.indexes = Indexes::kKeep;
  const CaptureResult result = capture();
  EXPECT_EQ(result.manifest.find("patient")->form, TableForm::kFilesKeyed);
  EXPECT_EQ(node(result, "practice/patient.MYI")->size,
            std::filesystem::file_size(databaseFolder() / "patient.MYI"));
  expectRestores(result);
}

TEST_F(CaptureTest, takesInnoDbAsRowsOfOneSnapshot) {
  fill("patient", 5000, "InnoDB");
  fill("payment", 200);
  const CaptureResult result = capture();
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_EQ(result.manifest.find("patient")->form, TableForm::kRows);
  EXPECT_EQ(result.manifest.find("patient")->rows, 5000U);
  EXPECT_EQ(result.manifest.find("payment")->form, TableForm::kFiles);
  expectRestores(result);
}

}  // namespace
}  // namespace enamel::mariadb
