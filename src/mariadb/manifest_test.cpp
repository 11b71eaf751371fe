#include "mariadb/manifest.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

Manifest sample() {
  Manifest manifest;
  manifest.database = "opendental";
  manifest.instant = *parseRfc3339("2026-11-22T09:41:00.123456789Z");
  manifest.server_version = "10.11.6-MariaDB";
  manifest.character_set = "utf8mb3";
  manifest.binlog_file = "bin.000042";
  manifest.binlog_position = 4711;
  manifest.lock_seconds = 0.0421;
  manifest.lock_attempts = 3;
  manifest.lock_wait_seconds = 1.75;
  manifest.lock_method = "BACKUP STAGE";
  manifest.tables.push_back(
      {.name = "patient", .file = "patient", .engine = "MyISAM", .rows = 2000, .bytes = 1 << 20});
  manifest.tables.push_back(
      {.name = "döc", .file = "d@0nc", .engine = "InnoDB", .form = TableForm::kRows, .rows = 7});
  manifest.tables.push_back({.name = "bad", .file = "bad", .engine = "MyISAM", .error = "marked as crashed"});
  manifest.broken_views = {"view of nothing"};
  manifest.warnings = {"one", "two"};
  return manifest;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

ErrorCode failure(const std::string& json) {
  try {
    decodeManifest(asBytes(json));
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kInternal;
}

TEST(Manifest, ComesBackAsItWent) {
  const Manifest manifest = sample();
  const Bytes json = encodeManifest(manifest);
  const Manifest again = decodeManifest(json);
  EXPECT_EQ(again.database, manifest.database);
  EXPECT_EQ(again.instant, manifest.instant);
  EXPECT_EQ(again.binlog_position, 4711U);
  EXPECT_DOUBLE_EQ(again.lock_seconds, manifest.lock_seconds);
  EXPECT_EQ(again.lock_attempts, 3U);
  EXPECT_DOUBLE_EQ(again.lock_wait_seconds, 1.75);
  EXPECT_EQ(again.broken_views, manifest.broken_views);
  ASSERT_EQ(again.tables.size(), 3U);
  EXPECT_EQ(again.tables[1].name, "döc");
  EXPECT_EQ(again.tables[1].form, TableForm::kRows);
  EXPECT_EQ(again.tables[2].error, "marked as crashed");
  EXPECT_EQ(again.rowCount(), 2007U);
  EXPECT_EQ(again.warnings, manifest.warnings);
  EXPECT_EQ(encodeManifest(again), json);
  ASSERT_NE(again.find("patient"), nullptr);
  EXPECT_EQ(again.find("patient")->rows, 2000U);
  EXPECT_EQ(again.find("nobody"), nullptr);
}

TEST(Manifest, RefusesWhatIsNone) {
  const std::string good(asText(encodeManifest(sample())));
  EXPECT_EQ(failure(""), ErrorCode::kCorrupt);
  EXPECT_EQ(failure("[]"), ErrorCode::kCorrupt);
  EXPECT_EQ(failure("{}"), ErrorCode::kCorrupt);
  EXPECT_EQ(failure(good.substr(0, good.size() / 2)), ErrorCode::kCorrupt);
  EXPECT_EQ(failure(replaced(good, "\"format\": 1", "\"format\": 2")), ErrorCode::kUnsupported);
  EXPECT_EQ(failure(replaced(good, "\"rows\": 2000", "\"rows\": -1")), ErrorCode::kCorrupt);
  EXPECT_EQ(failure(replaced(good, "\"rows\": 2000", "\"rows\": 18446744073709551615")), ErrorCode::kCorrupt);
  EXPECT_EQ(failure(replaced(good, "\"form\": \"files\"", "\"form\": \"tea\"")), ErrorCode::kCorrupt);
  EXPECT_EQ(failure(replaced(good, "\"name\": \"bad\"", "\"name\": \"patient\"")), ErrorCode::kCorrupt);
}

TEST(Manifest, NoTableFileLeavesItsFolder) {
  const std::string good(asText(encodeManifest(sample())));
  for (const std::string stem : {"../x", "a/b", "", ".", "..", "a\\u0000b"})
    EXPECT_EQ(failure(replaced(good, "\"file\": \"patient\"", "\"file\": \"" + stem + "\"")),
              ErrorCode::kCorrupt)
        << stem;
}

}  // namespace
}  // namespace enamel::mariadb
