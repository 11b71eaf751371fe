#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/cancel.h"
#include "mariadb/connection.h"

namespace enamel::mariadb {

// Keeps every client of the server from writing, for the moment in which a capture's instant is made. Holds
// the lock from construction to release() or destruction; if this process dies, or says nothing for a while
// (statement_gap_max_s), the server itself lets go.
class GlobalLock {
 public:
  enum class Method {
    kBackupStage,  // BACKUP STAGE BLOCK_COMMIT: reports that read do not delay it
    kFlushTables,  // FLUSH TABLES WITH READ LOCK: every engine, every server
  };
  struct Options {
    double wait_s = 2;         // longest wait of the last attempt; earlier ones wait less
    int attempts_max = 6;      // pauses between them grow: 1, 2, 4, 8 s, ...
    double pause_s = 1;        // the first of them
    bool all_engines = false;  // tables of engines that BACKUP STAGE lets go on must hold still too
    unsigned statement_gap_max_s = 60;
  };
  // Looks for writes that take long, and waits for their end before it asks, so that nobody queues behind the
  // lock's own waiting. Throws kDatabaseBusy, naming who is in the way, when the last attempt failed;
  // kDatabaseDenied without the right (RELOAD). connection: used for nothing else while the lock is held.
  GlobalLock(Connection& connection, const Options& options, const CancelToken& cancel);
  ~GlobalLock();
  GlobalLock(const GlobalLock&) = delete;
  GlobalLock& operator=(const GlobalLock&) = delete;

  // Lets everybody write again. Throws if the lock was lost meanwhile: what was read under it is then worth
  // nothing.
  void release();

  Method method() const { return method_; }
  std::string methodName() const;
  int attempts() const { return attempts_; }
  // From asking for what blocks writers, in the attempt that was granted, to release(), in seconds;
  // REQUIRES: released.
  double heldSeconds() const { return released_s_ - asked_s_; }
  // The same from when it was granted.
  double grantedSeconds() const { return released_s_ - granted_s_; }
  // How long requests were pending, in all attempts together: writers may have waited behind them.
  double pendingSeconds() const { return pending_s_; }

 private:
  bool acquire(double wait_s);
  void abandon() noexcept;

  Connection& connection_;
  Method method_;
  bool stage_open_ = false, held_ = false;
  int attempts_ = 0;
  double asked_s_ = 0, granted_s_ = 0, released_s_ = 0, pending_s_ = 0;
};

}  // namespace enamel::mariadb
