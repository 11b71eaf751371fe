#include "service/audit_export.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

class AuditExportTest : public testing::Test {
 protected:
  std::string csv() const {
    std::string out;
    exportAuditCsv(log_, {}, [&](std::string_view piece) { out += piece; });
    return out;
  }
  std::string jsonLines() const {
    std::string out;
    exportAuditJsonLines(log_, {}, [&](std::string_view piece) { out += piece; });
    return out;
  }

  TestState state_;
  AuditLog log_{state_.database, state_.folder.path() / "audit.head", state_.clock};
};

TEST_F(AuditExportTest, CsvIsAsTheRfcHasIt) {
  const AuditEntry entry = log_.append({.user = "Dr. \"Bob\", DDS", .action = "sign_in"});
  EXPECT_EQ(
      csv(),
      "\"sequence\",\"time\",\"user\",\"account\",\"address\",\"action\",\"object\",\"outcome\",\"details\","
      "\"hash\"\r\n"
      "\"1\",\"2023-11-14T22:13:20Z\",\"Dr. \"\"Bob\"\", DDS\",\"\",\"\",\"sign_in\",\"\",\"\",\"\",\"" +
          entry.hash.hex() + "\"\r\n");
}

TEST_F(AuditExportTest, FormulasAreText) {
  for (const char* formula : {"=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"})
    EXPECT_EQ(csvField(formula).substr(0, 2), "\"'") << formula;
  EXPECT_EQ(csvField("a=b"), "\"a=b\"");
  EXPECT_EQ(csvField(""), "\"\"");
  log_.append({.user = "=cmd|' /C calc'!A0"});
  EXPECT_NE(csv().find("\"'=cmd|' /C calc'!A0\""), std::string::npos);
}

// Whoever gets the file can check the chain without our program.
TEST_F(AuditExportTest, JsonLinesHoldAllThatTheHashNeeds) {
  for (const char* user : {"Sarah", "\"quoted\"", "Ärztin"}) {
    log_.append({.user = user,
                 .account = "local",
                 .address = "::1",
                 .action = "a",
                 .object = "o",
                 .outcome = "done"});
    state_.clock.time.ns += 1;
  }
  std::istringstream lines(jsonLines());
  std::string line;
  Sha256 previous;
  int count = 0;
  while (std::getline(lines, line)) {
    const nlohmann::json json = nlohmann::json::parse(line);
    AuditEntry entry;
    entry.sequence = json["sequence"];
    entry.time.ns = json["time_ns"];
    entry.user = json["user"];
    entry.account = json["account"];
    entry.address = json["address"];
    entry.action = json["action"];
    entry.object = json["object"];
    entry.outcome = json["outcome"];
    entry.details = json["details"];
    EXPECT_EQ(entry.hashAfter(previous).hex(), json["hash"]);
    EXPECT_EQ(json["time"], formatRfc3339(entry.time));
    previous = entry.hashAfter(previous);
    ++count;
  }
  EXPECT_EQ(count, 3);
}

TEST_F(AuditExportTest, BytesThatAreNoUtf8DoNotStopIt) {
  log_.append({.user = "\xFF\xFE"});
  EXPECT_TRUE(nlohmann::json::accept(jsonLines()));
}

// More than a page, so that the seams are seen. Written in one transaction: durability is not looked at.
TEST_F(AuditExportTest, ALongLogIsExportedWholeAndInOrder) {
  const int count = static_cast<int>(AuditLog::kPageMax) + 5;
  AuditEntry entry;
  state_.database.transaction([&] {
    for (entry.sequence = 1; entry.sequence < count; ++entry.sequence) {
      entry.details = std::to_string(entry.sequence);
      entry.hash = entry.hashAfter(entry.hash);
      state_.database.execute("INSERT INTO audit_log VALUES (?, 0, '', '', '', '', '', '', ?, ?)",
                              {entry.sequence, entry.details, toBytes(entry.hash.bytes)});
    }
  });
  log_.append({.details = std::to_string(count)});
  std::istringstream lines(jsonLines());
  std::string line;
  int seen = 0;
  while (std::getline(lines, line)) EXPECT_EQ(nlohmann::json::parse(line)["details"], std::to_string(++seen));
  EXPECT_EQ(seen, count);
  EXPECT_EQ(log_.verify().entries, count);
}

TEST_F(AuditExportTest, ASinkThatThrowsEndsIt) {
  log_.append({});
  EXPECT_EQ(errorCodeOf([&] {
              exportAuditCsv(log_, {},
                             [](std::string_view) { throw Error(ErrorCode::kCancelled, "went away"); });
            }),
            ErrorCode::kCancelled);
}

}  // namespace
}  // namespace enamel::service
