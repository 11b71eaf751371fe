// The tables of the service's state, step by step. All are STRICT; times are nanoseconds since 1970 UTC.

#include "service/migrations.h"

namespace enamel::service {
namespace {

constexpr Migration kMigrations[] = {
    {.what = "audit log", .sql = R"sql(
CREATE TABLE audit_log (
  sequence INTEGER PRIMARY KEY,
  time_ns INTEGER NOT NULL,
  user TEXT NOT NULL,
  account TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  outcome TEXT NOT NULL,
  details TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never changed'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never removed'); END;
-- INSERT OR REPLACE removes a row without firing triggers where recursive_triggers is off.
CREATE TRIGGER audit_log_appends BEFORE INSERT ON audit_log
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'entries of the audit log are only appended'); END;
)sql"},
    {.what = "runs and their queue", .sql = R"sql(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  repository TEXT NOT NULL,
  request TEXT NOT NULL,
  started_by TEXT NOT NULL,
  state TEXT NOT NULL,
  queued_ns INTEGER NOT NULL,
  started_ns INTEGER,
  ended_ns INTEGER,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  bytes_total INTEGER NOT NULL DEFAULT 0,
  files_done INTEGER NOT NULL DEFAULT 0,
  files_total INTEGER NOT NULL DEFAULT 0,
  tables_done INTEGER NOT NULL DEFAULT 0,
  tables_total INTEGER NOT NULL DEFAULT 0,
  phase TEXT NOT NULL DEFAULT '',
  current TEXT NOT NULL DEFAULT '',
  snapshot TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '',
  error_code TEXT,
  error_message TEXT,
  error_hint TEXT
) STRICT;
CREATE INDEX runs_by_time ON runs (coalesce(started_ns, queued_ns));
CREATE INDEX runs_by_kind ON runs (kind, state, id);
CREATE INDEX runs_by_snapshot ON runs (snapshot, kind, id) WHERE snapshot <> '';
CREATE UNIQUE INDEX runs_asked_for_once ON runs (kind, repository, request)
  WHERE state IN ('queued', 'running');
)sql"},
    {.what = "tokens of scripts, and what was scheduled last", .sql = R"sql(
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  may_administer INTEGER NOT NULL CHECK (may_administer IN (0, 1)),
  created_by TEXT NOT NULL,
  created_ns INTEGER NOT NULL,
  last_used_ns INTEGER
) STRICT;
CREATE TABLE scheduled (
  what TEXT PRIMARY KEY,
  last_ns INTEGER NOT NULL
) STRICT;
)sql"},
    {.what = "alerts", .sql = R"sql(
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
  title TEXT NOT NULL,
  detail TEXT NOT NULL,
  advice TEXT NOT NULL,
  run INTEGER,
  since_ns INTEGER NOT NULL,
  last_seen_ns INTEGER NOT NULL,
  ended_ns INTEGER,
  muted_until_ns INTEGER
) STRICT;
CREATE UNIQUE INDEX alerts_one_of_a_code ON alerts (code) WHERE ended_ns IS NULL;
CREATE TABLE alert_tellings (
  alert INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  tried_ns INTEGER NOT NULL,
  error TEXT NOT NULL,
  delivered_ns INTEGER,
  -- Whether those who listen to the channel believe that it lasts.
  believed INTEGER NOT NULL CHECK (believed IN (0, 1)),
  PRIMARY KEY (alert, channel)
) STRICT;
CREATE TABLE watched (
  repository TEXT PRIMARY KEY,
  since_ns INTEGER NOT NULL
) STRICT;
)sql"},
};

}  // namespace

std::span<const Migration> stateMigrations() {
  return kMigrations;
}

}  // namespace enamel::service
