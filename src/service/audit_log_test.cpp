#include "service/audit_log.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <thread>
#include <vector>

#include "service/testing/test_state.h"

namespace enamel::service {
namespace {

AuditEvent event(const std::string& action, const std::string& details = "") {
  return {.user = "Sarah",
          .account = "open_dental",
          .address = "192.168.1.20",
          .action = action,
          .object = "run 17",
          .outcome = "done",
          .details = details};
}

class AuditLogTest : public testing::Test {
 protected:
  std::filesystem::path head() const { return state_.folder.path() / "audit.head"; }
  void append(int count) {
    for (int i = 0; i < count; ++i) log_.append(event("action " + std::to_string(i)));
  }
  // What somebody does who writes to the file and cares for no trigger.
  void tamper(const std::string& sql) {
    state_.database.executeScript(
        "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete; DROP TRIGGER "
        "audit_log_appends;" +
        sql);
  }
  std::int64_t firstBad() const {
    const AuditVerdict verdict = log_.verify();
    return verdict.finding ? verdict.finding->sequence : 0;
  }
  std::string finding() const {
    const AuditVerdict verdict = log_.verify();
    return verdict.finding ? verdict.finding->what : "";
  }

  TestState state_;
  AuditLog log_{state_.database, head(), state_.clock};
};

TEST_F(AuditLogTest, EntriesAreNumberedAndChained) {
  const AuditEntry first = log_.append(event("sign_in"));
  state_.clock.time.ns += kSecond;
  const AuditEntry second = log_.append(event("backup.start"));
  EXPECT_EQ(first.sequence, 1);
  EXPECT_EQ(second.sequence, 2);
  EXPECT_EQ(second.time.ns, first.time.ns + kSecond);
  EXPECT_EQ(first.hash, first.hashAfter(Sha256()));
  EXPECT_EQ(second.hash, second.hashAfter(first.hash));
  EXPECT_EQ(log_.verify().entries, 2);
  EXPECT_FALSE(log_.verify().finding);
}

// Computed by hand from the header's words, with sha256sum:
// (head -c 32 /dev/zero; printf '14:enamel-audit-1,1:1,1:5,1:u,5:local,3:::1,7:sign_in,0:,4:done,5:a,b:c,') |
// sha256sum
TEST(AuditEntry, IsHashedAsTheHeaderSays) {
  AuditEntry entry;
  entry.sequence = 1;
  entry.time.ns = 5;
  entry.user = "u";
  entry.account = "local";
  entry.address = "::1";
  entry.action = "sign_in";
  entry.outcome = "done";
  entry.details = "a,b:c";
  EXPECT_EQ(entry.hashAfter(Sha256()).hex(),
            "8ec90bac7156f3e7f3b97fbf1e36b8ea97ec7f09f25522be77c7b85a2faa7f97");
}

// A field's end cannot be moved into its neighbour.
TEST(AuditEntry, OtherFieldsHaveAnotherHash) {
  AuditEntry one, other;
  one.user = "ab";
  one.account = "c";
  other.user = "a";
  other.account = "bc";
  EXPECT_NE(one.hashAfter(Sha256()), other.hashAfter(Sha256()));
}

TEST_F(AuditLogTest, SqlCanOnlyAppend) {
  append(2);
  const auto refused = [&](const std::string& sql) {
    return errorCodeOf([&] { state_.database.executeScript(sql); });
  };
  EXPECT_EQ(refused("UPDATE audit_log SET user = 'x' WHERE sequence = 1"), ErrorCode::kPermission);
  EXPECT_EQ(refused("DELETE FROM audit_log WHERE sequence = 2"), ErrorCode::kPermission);
  EXPECT_EQ(refused("DELETE FROM audit_log"), ErrorCode::kPermission);
  EXPECT_EQ(refused("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE sequence = 2"),
            ErrorCode::kPermission);
  EXPECT_EQ(
      refused("INSERT INTO audit_log SELECT 9, time_ns, user, account, address, action, object, outcome, "
              "details, hash FROM audit_log WHERE sequence = 2"),
      ErrorCode::kPermission);
  EXPECT_EQ(log_.verify().entries, 2);
}

TEST_F(AuditLogTest, EveryChangeOfAnEntryIsFound) {
  append(5);
  for (const char* column : {"user", "account", "address", "action", "object", "outcome", "details"}) {
    TestState state;
    AuditLog log(state.database, state.folder.path() / "head", state.clock);
    for (int i = 0; i < 5; ++i) log.append(event("a"));
    state.database.executeScript("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET " +
                                 std::string(column) + " = 'other' WHERE sequence = 3");
    const AuditVerdict verdict = log.verify();
    ASSERT_TRUE(verdict.finding) << column;
    EXPECT_EQ(verdict.finding->sequence, 3) << column;
    EXPECT_EQ(verdict.entries, 2) << column;
  }
  tamper("UPDATE audit_log SET time_ns = time_ns + 1 WHERE sequence = 4");
  EXPECT_EQ(firstBad(), 4);
}

TEST_F(AuditLogTest, AGapIsNamed) {
  append(5);
  tamper("DELETE FROM audit_log WHERE sequence IN (2, 3)");
  EXPECT_EQ(firstBad(), 2);
  EXPECT_EQ(finding(), "entries 2 to 3 missing");
}

TEST_F(AuditLogTest, EntriesRemovedFromTheEndAreMissed) {
  append(5);
  tamper("DELETE FROM audit_log WHERE sequence > 3");
  EXPECT_EQ(firstBad(), 4);
  EXPECT_EQ(finding(), "entries 4 to 5 removed from the end of the log");
}

TEST_F(AuditLogTest, ALogThatWasEmptiedIsMissed) {
  append(2);
  tamper("DELETE FROM audit_log");
  EXPECT_EQ(firstBad(), 1);
}

TEST_F(AuditLogTest, AnEntryThatWasSlippedInIsFound) {
  append(3);
  tamper(
      "INSERT INTO audit_log SELECT -4, time_ns, user, account, address, action, object, outcome, details, "
      "hash "
      "FROM audit_log WHERE sequence = 2");
  EXPECT_EQ(firstBad(), -4);
}

// Whoever knows the rules can make a new chain that fits in itself; the head says it is another one.
TEST_F(AuditLogTest, AChainMadeAnewIsAnotherThanTheHeads) {
  append(2);
  const std::string old_head = fileText(head());
  tamper("DELETE FROM audit_log");
  log_.append(event("innocent"));
  log_.append(event("innocent"));
  writeText(head(), old_head);
  EXPECT_EQ(firstBad(), 2);
}

TEST_F(AuditLogTest, AMissingOrDamagedHeadIsFound) {
  append(3);
  const std::string text = fileText(head());
  std::filesystem::remove(head());
  EXPECT_EQ(firstBad(), 3);
  for (const std::string& bad :
       {std::string(), std::string("x"), text.substr(0, text.size() - 1), text + "x", std::string(5000, 'x'),
        "enamel-audit-head 1\n99999999999999999999 " + std::string(64, 'a') + "\n",
        "enamel-audit-head 1\n-1 " + std::string(64, 'a') + "\n",
        "enamel-audit-head 1\n3 " + std::string(64, 'g') + "\n"}) {
    writeText(head(), bad);
    EXPECT_NE(finding(), "") << bad;
  }
  writeText(head(), text);
  EXPECT_EQ(finding(), "");
}

// The crash between commit and head.
TEST_F(AuditLogTest, AHeadThatIsOneBehindIsNoFinding) {
  append(2);
  const std::string behind = fileText(head());
  append(1);
  writeText(head(), behind);
  EXPECT_EQ(log_.verify().entries, 3);
  EXPECT_EQ(finding(), "");
  append(1);
  EXPECT_NE(fileText(head()).find("\n4 "), std::string::npos);
}

TEST_F(AuditLogTest, AFindingIsRecordedBeforeItsTraceIsOverwritten) {
  append(5);
  EXPECT_FALSE(log_.verifyAndRecord().finding);
  tamper("DELETE FROM audit_log WHERE sequence > 3");
  EXPECT_TRUE(log_.verifyAndRecord().finding);
  const std::vector<AuditEntry> newest = log_.page({}, 1);
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].action, "audit.verify");
  EXPECT_EQ(newest[0].details, "entries 4 to 5 removed from the end of the log");
}

TEST_F(AuditLogTest, AnEntryStaysWhenItsHeadCannotBeWritten) {
  append(1);
  std::filesystem::remove(head());
  std::filesystem::create_directory(head());
  EXPECT_THROW(append(1), Error);
  std::filesystem::remove(head());
  append(1);
  EXPECT_EQ(log_.verify().entries, 3);
  EXPECT_EQ(finding(), "");
}

TEST_F(AuditLogTest, OddWordsAreRecordedAndTamed) {
  const AuditEntry entry = log_.append(
      {.user = "a\nb\x1B[2J" + std::string(3000, 'x'), .details = std::string(1 << 20, '\n') + "\xFF"});
  EXPECT_EQ(entry.user.substr(0, 12), "a\\nb\\x1b[2Jx");
  EXPECT_EQ(entry.user.substr(entry.user.size() - 6), " [cut]");
  EXPECT_LE(entry.user.size(), AuditLog::kFieldBytesMax);
  EXPECT_LE(entry.details.size(), AuditLog::kDetailsBytesMax);
  EXPECT_EQ(finding(), "");
}

TEST_F(AuditLogTest, AnyWordsFitTheirHash) {
  EXPECT_TRUE(rc::check([&](const std::string& user, const std::string& details) {
    const AuditEntry entry = log_.append({.user = user, .details = details});
    RC_ASSERT(log_.page({}, 1).at(0).hash == entry.hash);
  }));
  EXPECT_EQ(finding(), "");
}

TEST_F(AuditLogTest, PagesGoFromTheNewestToTheOldest) {
  append(7);
  const auto sequences = [](const std::vector<AuditEntry>& entries) {
    std::vector<std::int64_t> out;
    for (const AuditEntry& entry : entries) out.push_back(entry.sequence);
    return out;
  };
  EXPECT_EQ(sequences(log_.page({}, 3)), (std::vector<std::int64_t>{7, 6, 5}));
  EXPECT_EQ(sequences(log_.page({}, 3, 5)), (std::vector<std::int64_t>{4, 3, 2}));
  EXPECT_EQ(sequences(log_.page({}, 3, 2)), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(sequences(log_.page({.action = "action 2"}, 9)), (std::vector<std::int64_t>{3}));
  EXPECT_EQ(sequences(log_.page({.user = "nobody"}, 9)), (std::vector<std::int64_t>{}));
}

TEST_F(AuditLogTest, TimesBoundWhatIsFound) {
  const Timestamp begin = state_.clock.time;
  for (int i = 0; i < 4; ++i) {
    append(1);
    state_.clock.time.ns += kSecond;
  }
  const AuditFilter filter{.from = Timestamp{begin.ns + kSecond}, .to = Timestamp{begin.ns + 2 * kSecond}};
  EXPECT_EQ(log_.page(filter, 9).size(), 2U);
  int seen = 0;
  log_.forEach(filter, [&](const AuditEntry& entry) { EXPECT_EQ(entry.sequence, ++seen + 1); });
  EXPECT_EQ(seen, 2);
}

TEST_F(AuditLogTest, ThreadsAppendOneAfterTheOther) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { append(5); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(log_.verify().entries, 20);
  EXPECT_EQ(finding(), "");
}

TEST_F(AuditLogTest, TheHeadIsForItsOwnerOnly) {
  append(1);
  EXPECT_EQ(modeOf(head()), 0600);
}

}  // namespace
}  // namespace enamel::service
