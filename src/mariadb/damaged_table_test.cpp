// One damaged table costs that table and no other: it is named with what to do, all others are captured as
// their files, and nobody is told that the data folder is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/error.h"
#include "mariadb/capture.h"
#include "mariadb/testing/capture_fixture.h"

namespace enamel::mariadb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// While it lives, this thread and those it makes reach files as the folder's owner does: root may read
// whatever its mode is.
class AsOwnerOf {
 public:
  explicit AsOwnerOf(const fs::path& folder) {
    struct stat info {};
    EXPECT_EQ(::stat(folder.c_str(), &info), 0);
    group_ = static_cast<gid_t>(::setfsgid(info.st_gid));
    user_ = static_cast<uid_t>(::setfsuid(info.st_uid));
  }
  ~AsOwnerOf() {
    ::setfsuid(user_);
    ::setfsgid(group_);
  }
  AsOwnerOf(const AsOwnerOf&) = delete;
  AsOwnerOf& operator=(const AsOwnerOf&) = delete;

 private:
  uid_t user_ = 0;
  gid_t group_ = 0;
};

struct Damage {
  std::string name;
  std::string file;                            // "broken.MYD"
  std::function<void(const fs::path&)> to_it;  // what happens to it
  std::string advice;
};

void garbage(const fs::path& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  for (int i = 0; i < 3000; ++i) file.put(static_cast<char>(i * 37 + 11));
}
void folderInItsPlace(const fs::path& path) {
  fs::remove(path);
  fs::create_directory(path);
}
void remove(const fs::path& path) {
  fs::remove(path);
}

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all{
      {"MydTruncated", "broken.MYD", [](const fs::path& p) { fs::resize_file(p, 100); },
       "REPAIR TABLE `broken`"},
      {"MydDeleted", "broken.MYD", remove, "an earlier backup"},
      {"MydAFolder", "broken.MYD", folderInItsPlace, "an earlier backup"},
      {"MydUnreadable", "broken.MYD", [](const fs::path& p) { fs::permissions(p, fs::perms::none); },
       "must be able to read"},
      {"MyiGarbage", "broken.MYI", garbage, "REPAIR TABLE `broken` USE_FRM"},
      {"MyiDeleted", "broken.MYI", remove, "REPAIR TABLE `broken` USE_FRM"},
      {"FrmGarbage", "broken.frm", garbage, "an earlier backup has its definition"},
      {"FrmDeleted", "broken.frm", remove, "an earlier backup has its definition"},
  };
  return all;
}

// Each damage, found by a server that has the table open and by one that has not.
class DamagedTableTest : public CaptureFixture,
                         public ::testing::WithParamInterface<std::tuple<std::size_t, bool>> {
 protected:
  static const Damage& damage() { return damages()[std::get<0>(GetParam())]; }
  static bool open() { return std::get<1>(GetParam()); }

  void damageIt() {
    for (const char* table : {"broken", "patient", "payment"}) fill(table, 1000);
    fill("visit", 100, "InnoDB");
    sql().execute("FLUSH TABLES");
    if (open()) sql().query("SELECT COUNT(*) FROM broken");
    damage().to_it(databaseFolder() / damage().file);
  }
  void TearDown() override {
    // So that the database can be dropped, and the next one's table is not this one's.
    sql().execute("FLUSH TABLES");
    for (const char* ending : {".frm", ".MYD", ".MYI"})
      fs::remove(databaseFolder() / (std::string("broken") + ending));
    CaptureFixture::TearDown();
  }
};

TEST_P(DamagedTableTest, isNamedAndNoOtherTablePays) {
  damageIt();
  for (const bool by_hand : {false, true}) {
    options_.data_folder = by_hand ? server().dataFolder().string() : "";
    const AsOwnerOf owner(databaseFolder());
    const CaptureResult result = capture();
    ASSERT_THAT(result.errors, SizeIs(1));
    EXPECT_EQ(result.errors[0].path, "table broken");
    EXPECT_THAT(result.errors[0].what, AllOf(HasSubstr(damage().advice), Not(HasSubstr("--data-folder"))));
    EXPECT_EQ(result.manifest.find("broken")->error, result.errors[0].what);
    EXPECT_THAT(result.warnings, IsEmpty()) << result.warnings.front();
    for (const char* table : {"patient", "payment"}) {
      EXPECT_EQ(result.manifest.find(table)->form, TableForm::kFiles);
      EXPECT_EQ(result.manifest.find(table)->rows, 1000U);
      EXPECT_TRUE(node(result, "practice/" + std::string(table) + ".MYD"));
    }
    EXPECT_EQ(result.manifest.find("visit")->rows, 100U);
    for (const char* ending : {".frm", ".MYD", ".MYI", ".txt", ".sql"})
      EXPECT_FALSE(node(result, "practice/broken" + std::string(ending))) << ending;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, DamagedTableTest,
                         ::testing::Combine(::testing::Range(std::size_t{0}, std::size_t{8}),
                                            ::testing::Bool()),
                         [](const auto& param) {
                           return damages()[std::get<0>(param.param)].name +
                                  (std::get<1>(param.param) ? "Open" : "Closed");
                         });

class DamagedFolderTest : public CaptureFixture {
 protected:
  // A copy of the database's folder that shows the same times.
  void copyFolder() {
    sql().execute("FLUSH TABLES");
    fs::copy(databaseFolder(), copy_.path() / "practice");
    for (const auto& entry : fs::directory_iterator(copy_.path() / "practice"))
      fs::last_write_time(entry.path(), fs::last_write_time(databaseFolder() / entry.path().filename()));
    options_.data_folder = copy_.path().string();
  }
  fs::path copied(const std::string& file) const { return copy_.path() / "practice" / file; }
  void expectRefused() {
    const auto error = failure(options_);
    ASSERT_TRUE(error);
    EXPECT_TRUE(error->code() == ErrorCode::kUsage || error->code() == ErrorCode::kVerifyFailed)
        << error->what();
  }
  TempDirectory copy_;
};

// What is damaged in a copy must not excuse the copy.
TEST_F(DamagedFolderTest, aCopyIsRefusedThoughOneOfItsTablesIsDamaged) {
  for (const char* table : {"patient", "payment"}) fill(table, 100);
  copyFolder();
  fs::remove(copied("patient.MYD"));
  sql().execute("INSERT INTO payment (name) VALUES ('after the copy')");
  expectRefused();
}

TEST_F(DamagedFolderTest, aCopyIsRefusedThoughTheTableWrittenToIsTheDamagedOne) {
  for (const char* table : {"patient", "payment"}) fill(table, 100);
  copyFolder();
  sql().execute("INSERT INTO payment (name) VALUES ('after the copy')");
  for (const char* file : {"payment.MYD", "payment.MYI"}) {
    const fs::path kept = copied(file).string() + ".kept";
    fs::rename(copied(file), kept);
    expectRefused();
    fs::rename(kept, copied(file));
  }
  fs::remove(copied("payment.frm"));
  expectRefused();
}

TEST_F(DamagedFolderTest, aCopyThatShowsTheTimeOfALaterWriteIsRefusedByItsLength) {
  for (const char* table : {"patient", "payment"}) fill(table, 100);
  copyFolder();
  sql().execute("INSERT INTO payment (name) VALUES ('after the copy')");
  sql().execute("FLUSH TABLES");
  fs::last_write_time(copied("payment.MYD"), fs::last_write_time(databaseFolder() / "payment.MYD"));
  expectRefused();
}

TEST_F(DamagedFolderTest, aCrashedTableThatIsReadAsRowsIsNamedWithWhatToDo) {
  for (const char* table : {"broken", "patient"}) fill(table, 1000);
  sql().execute("FLUSH TABLES");
  {
    std::fstream rows(databaseFolder() / "broken.MYD", std::ios::in | std::ios::out | std::ios::binary);
    rows << std::string(10000, '\xff');
  }
  options_.rows_only = true;
  const CaptureResult result = capture();
  ASSERT_THAT(result.errors, SizeIs(1));
  EXPECT_EQ(result.errors[0].path, "table broken");
  EXPECT_THAT(result.errors[0].what, AllOf(HasSubstr("crashed"), HasSubstr("REPAIR TABLE `broken`")));
  EXPECT_EQ(result.manifest.find("patient")->rows, 1000U);
}

}  // namespace
}  // namespace enamel::mariadb
