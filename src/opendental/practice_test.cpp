#include "opendental/practice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "opendental/testing/database_fixture.h"

namespace enamel::opendental {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PracticeTest : public testing::DatabaseTest {
 protected:
  void makePreferences(const std::vector<std::pair<std::string, std::string>>& preferences) {
    run(
        {"CREATE TABLE preference (PrefName VARCHAR(255) NOT NULL DEFAULT '', ValueString TEXT NOT NULL, "
         "PrefNum "
         "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, Comments TEXT, KEY (PrefName)) ENGINE=MyISAM"});
    for (const auto& [name, value] : preferences) {
      run({"INSERT INTO preference (PrefName, ValueString) VALUES (" + mariadb::quoteValue(name) + ", " +
           mariadb::quoteValue(value) + ")"});
    }
  }
};

TEST_F(PracticeTest, readsWhatSettingUpNeeds) {
  makePreferences({{"DataBaseVersion", "24.3.35.0"},
                   {"ProgramVersion", "24.3.36.0"},
                   {"PracticeTitle", "Zähne & Söhne"},
                   {"AtoZfolderUsed", "1"},
                   {"DocPath", R"(\\SERVER\Images\;C:\OpenDentImages\)"},
                   {"BackupFromPath", R"(C:\mysql\data\)"},
                   {"BackupToPath", R"(D:\Backups\)"},
                   {"BackupRestoreFromPath", R"(D:\)"},
                   {"BackupRestoreToPath", R"(C:\data\)"},
                   {"BackupRestoreAtoZToPath", R"(C:\OpenDentalData\)"},
                   {"BackupExcludeImageFolder", "1"}});
  const auto facts = readPracticeFacts(sql());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->database_version, "24.3.35.0");
  EXPECT_EQ(facts->program_version, "24.3.36.0");
  EXPECT_EQ(facts->practice_title, "Zähne & Söhne");
  EXPECT_TRUE(facts->images_in_folder);
  ASSERT_THAT(facts->image_folders, SizeIs(2));
  EXPECT_EQ(facts->image_folders[0].server, "SERVER");
  EXPECT_EQ(facts->image_folders[1].drive, 'C');
  EXPECT_EQ(facts->backup_tab.backup_from, R"(C:\mysql\data\)");
  EXPECT_EQ(facts->backup_tab.backup_to, R"(D:\Backups\)");
  EXPECT_EQ(facts->backup_tab.restore_from, R"(D:\)");
  EXPECT_EQ(facts->backup_tab.restore_to, R"(C:\data\)");
  EXPECT_EQ(facts->backup_tab.restore_images_to, R"(C:\OpenDentalData\)");
  EXPECT_TRUE(facts->backup_tab.exclude_image_folder);
  EXPECT_THAT(facts->missing_tables, ElementsAre("document", "patient"));
}

TEST_F(PracticeTest, anOldPracticeHasFewPreferences) {
  makePreferences({{"DataBaseVersion", "6.9.0.0"}});
  const auto facts = readPracticeFacts(sql());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->practice_title, "");
  EXPECT_TRUE(facts->images_in_folder);
  EXPECT_THAT(facts->image_folders, IsEmpty());
  EXPECT_EQ(facts->backup_tab.backup_from, "");
  EXPECT_FALSE(facts->backup_tab.exclude_image_folder);
}

TEST_F(PracticeTest, anotherDatabaseIsNoPractice) {
  EXPECT_FALSE(readPracticeFacts(sql()));
  run({"CREATE TABLE preference (id INT)"});
  EXPECT_FALSE(readPracticeFacts(sql()));
  run({"DROP TABLE preference"});
  makePreferences({{"PracticeTitle", "x"}});
  EXPECT_FALSE(readPracticeFacts(sql()));
}

TEST_F(PracticeTest, aHugeValueIsCutOff) {
  run({"CREATE TABLE preference (PrefName VARCHAR(255), ValueString LONGTEXT)",
       "INSERT INTO preference VALUES ('DataBaseVersion', '24.3'), ('PracticeTitle', REPEAT('x', 1000000))"});
  const auto facts = readPracticeFacts(sql());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->practice_title.size(), 65535U);
}

TEST(DocumentPathTest, followsTheOriginalsRule) {
  EXPECT_EQ(documentPath("AdamsJohn1", "scan.jpg"), "A/AdamsJohn1/scan.jpg");
  EXPECT_EQ(documentPath("bellAnn2", "x.png"), "B/bellAnn2/x.png");
  EXPECT_EQ(documentPath("A1", "sub\\x.png"), "A/A1/sub/x.png");
}

// A letter may take more than one byte.
TEST(DocumentPathTest, takesTheFirstLetterWhateverTheAlphabet) {
  EXPECT_EQ(documentPath("ÖzTom17", "x.jpg"), "Ö/ÖzTom17/x.jpg");
  EXPECT_EQ(documentPath("özTom17", "x.jpg"), "Ö/özTom17/x.jpg");
  EXPECT_EQ(documentPath("éluardPaul3", "x.jpg"), "É/éluardPaul3/x.jpg");
  EXPECT_EQ(documentPath("ÑiquezAna4", "x.jpg"), "Ñ/ÑiquezAna4/x.jpg");
  EXPECT_EQ(documentPath("жуковЛев5", "x.jpg"), "Ж/жуковЛев5/x.jpg");
  EXPECT_EQ(documentPath("漢字6", "x.jpg"), "漢/漢字6/x.jpg");
}

TEST(DocumentPathTest, givesNoPathThatLeavesItsFolder) {
  for (const char* name : {"", "..", "../x", "a/../b", "/x", "x/", "a//b", "..\\x"}) {
    EXPECT_EQ(documentPath("A1", name), "") << name;
  }
  for (const char* folder : {"", ".", "..", "a/b"}) EXPECT_EQ(documentPath(folder, "x"), "") << folder;
}

}  // namespace
}  // namespace enamel::opendental
