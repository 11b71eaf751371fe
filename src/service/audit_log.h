#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "hash/sha256.h"
#include "service/sqlite.h"

namespace enamel::service {

// Somebody did, or tried, something. No field may hold a secret. What comes from outside is welcome as it is:
// append() writes control characters as escapes, and cuts what is too long with a mark, because an attempt
// must be recorded however odd its words are.
struct AuditEvent {
  std::string user;     // "Sarah"; empty where nobody is signed in
  std::string account;  // "open_dental", "local", "service" (the scheduler), "none"
  std::string address;  // from where: "192.168.1.20", "local"
  std::string action;   // stable, for scripts: "backup.start", "sign_in"
  std::string object;   // what it was done to: "run 17", "snapshot 5f3a..."
  std::string outcome;  // "done", "refused", "failed"
  std::string details;  // for people
};

// An event as it stands in the log.
struct AuditEntry : AuditEvent {
  std::int64_t sequence = 0;  // 1, 2, 3, ...
  Timestamp time;
  Sha256 hash;  // of it and all before it

  // SHA-256 of: the 32 bytes of the previous entry's hash (zeros before the first), then these ten texts,
  // each as a netstring (decimal length in bytes, ":", the bytes, ","): "enamel-audit-1", sequence, time
  // (both decimal, time in nanoseconds since 1970 UTC), user, account, address, action, object, outcome,
  // details.
  Sha256 hashAfter(const Sha256& previous) const;
};

// Which entries. Both ends are included.
struct AuditFilter {
  std::optional<std::string> user, action;
  std::optional<Timestamp> from, to;
};

// What is wrong with the log, and the first entry it is seen at.
struct AuditFinding {
  std::int64_t sequence = 0;
  std::string what;
};

struct AuditVerdict {
  std::int64_t entries = 0;  // that fit, from the first on
  std::optional<AuditFinding> finding;
};

// The append-only, hash-chained record of who did what, in the table audit_log of the state. SQL can only
// append (triggers). Who writes to the file past SQL is found by verify(): each entry's hash covers all
// before it, and the newest sequence and hash are kept in a second place, the head file, so that entries
// removed from the end are missed too. Who can write both files can forge the whole; for that, copy the log
// elsewhere (exports).
//
// The head file is two lines, "enamel-audit-head 1" and "SEQUENCE HASH" (decimal, 64 hexadecimal digits),
// written durably after each entry; after a crash it may be one entry behind, never ahead. Thread-safe.
class AuditLog {
 public:
  static constexpr std::size_t kFieldBytesMax = 1024;
  static constexpr std::size_t kDetailsBytesMax = 16 << 10;
  static constexpr std::size_t kPageMax = 1000;

  // REQUIRES: migrated; database and clock outlive it; no other AuditLog uses the same two files.
  AuditLog(Database& database, std::filesystem::path head_path, const Clock& clock = Clock::system());

  // Durable when it returns, together with the head. If only the head could not be written it throws and the
  // entry stays; the next append mends the head. REQUIRES: this thread has no transaction open (a head must
  // never be ahead of a rollback).
  AuditEntry append(const AuditEvent& event);

  // Walks the whole chain and compares it with the head. Writes nothing.
  AuditVerdict verify() const;
  // For the start of the service: as verify(), and appends a finding to the log (action "audit.verify",
  // outcome "failed"), because the next entry moves the head and with it what showed that entries are gone.
  AuditVerdict verifyAndRecord();

  // At most `limit` (and kPageMax) entries, newest first, of those with a sequence below `before`.
  std::vector<AuditEntry> page(const AuditFilter& filter, std::size_t limit,
                               std::optional<std::int64_t> before = {}) const;
  // Calls each for the entries from the oldest to the newest there was at the call. No lock is held
  // meanwhile.
  void forEach(const AuditFilter& filter, const std::function<void(const AuditEntry&)>& each) const;

 private:
  struct Head {
    std::int64_t sequence = 0;
    Sha256 hash;
  };
  std::optional<Head> readHead() const;
  void writeHead(const AuditEntry& newest) const;
  std::optional<AuditFinding> compareWithHead(const std::optional<Head>& head, std::int64_t newest) const;

  Database& database_;
  const std::filesystem::path head_path_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // taken before the database's: append to commit to head is one step
};

}  // namespace enamel::service
