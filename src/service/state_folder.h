#pragma once

#include <filesystem>

#include "base/fd.h"
#include "service/sqlite.h"

namespace enamel::service {

// The folder in which `enamel serve` keeps what it must remember: state.db (SQLite, with -wal and -shm beside
// it), audit.head (see audit_log.h) and lock. It holds who did what, so the folder is of mode 0700 and its
// files of 0600; modes that are wider are narrowed. One process at a time: the lock (flock) is held as long
// as this object lives. Thread-safe as Database is.
class StateFolder {
 public:
  // Makes the folder if it is not there (its parent must be) and brings the database to the newest version.
  // Throws kExists if another process uses it, kPermission if it belongs to another user, kUsage if it is no
  // folder, and what Database and migrate() throw.
  explicit StateFolder(const std::filesystem::path& path);

  Database& database() { return database_; }
  std::filesystem::path auditHead() const { return path_ / "audit.head"; }

 private:
  const std::filesystem::path path_;
  Fd lock_;
  Database database_;
};

}  // namespace enamel::service
