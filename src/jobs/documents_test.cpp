// The set of stored file names; the comparison with a database is tested end to end in tests/cli.
#include "jobs/documents.h"

#include <gtest/gtest.h>

#include "files/archiver.h"
#include "jobs/testing/test_repository.h"

namespace enamel::jobs {
namespace {

TEST(FileNameSet, HoldsEveryFileWhateverItsCase) {
  TestRepository test;
  test.writeFile("images/A/AdamsTom12/Scan.JPG");
  test.writeFile("images/EOBs/1.pdf");
  test.writeFile("images/Ö/ÖzTom17/Röntgen.jpg");
  test.opened->loadIndex();
  const auto writer = test.opened->newWriter();
  files::ArchiveOptions options;
  options.priority = Priority::kNormal;
  Progress progress;
  const files::ArchiveResult archived = files::archiveFolder(
      test.path("images"), std::nullopt, *test.opened, *writer, options, progress, CancelToken::never());
  writer->flush();
  const FileNameSet names(*test.opened, *archived.root.subtree, CancelToken::never());
  EXPECT_TRUE(names.has("A/AdamsTom12/Scan.JPG"));
  EXPECT_TRUE(names.has("a/adamstom12/scan.jpg"));
  EXPECT_TRUE(names.has("EOBs/1.pdf"));
  EXPECT_TRUE(names.has("Ö/ÖzTom17/Röntgen.jpg"));
  EXPECT_TRUE(names.has("ö/özTom17/RÖNTGEN.jpg"));
  EXPECT_FALSE(names.has("A/AdamsTom12"));
  EXPECT_FALSE(names.has("A/AdamsTom12/other.jpg"));
  EXPECT_FALSE(names.has(""));
}

TEST(DocumentCheck, IsNotForOtherDatabases) {
  mariadb::Manifest manifest;
  EXPECT_FALSE(DocumentCheck::begin({}, manifest));  // asks no server
  for (const char* name : {"document", "patient", "preference"}) {
    mariadb::ManifestTable table;
    table.name = name;
    table.error = "crashed";
    manifest.tables.push_back(table);
  }
  EXPECT_FALSE(DocumentCheck::begin({}, manifest));
}

}  // namespace
}  // namespace enamel::jobs
