#include "mariadb/global_lock.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/time.h"
#include "mariadb/blockers.h"

namespace enamel::mariadb {
namespace {

constexpr unsigned kSyntaxError = 1064;
constexpr double kShortestWaitS = 0.1;
constexpr double kPauseMaxS = 30;
// A statement that has run so long is waited for rather than queued behind.
constexpr double kLongStatementS = 1;
constexpr double kWaitForStatementsS = 10;
constexpr auto kTick = std::chrono::milliseconds(20);

void pause(double seconds, const CancelToken& cancel) {
  for (const double end = monotonicSeconds() + seconds; monotonicSeconds() < end;) {
    cancel.check();
    std::this_thread::sleep_for(kTick);
  }
}

// Returns who is still at it when the patience is over.
std::optional<Blocker> waitForLongStatements(Connection& connection, bool reads_too,
                                             const CancelToken& cancel) {
  const double end = monotonicSeconds() + kWaitForStatementsS;
  for (;;) {
    cancel.check();
    auto blocker = findBlocker(connection, kLongStatementS, reads_too);
    if (!blocker || monotonicSeconds() >= end) return blocker;
    pause(0.2, cancel);
  }
}

}  // namespace

GlobalLock::GlobalLock(Connection& connection, const Options& options, const CancelToken& cancel)
    : connection_(connection), method_(options.all_engines ? Method::kFlushTables : Method::kBackupStage) {
  connection_.execute("SET SESSION wait_timeout = " + std::to_string(options.statement_gap_max_s));
  double pause_s = options.pause_s;
  for (;;) {
    ++attempts_;
    // MariaDB's FLUSH TABLES does not wait for reads any more, older servers' does.
    const bool reads_too = method_ == Method::kFlushTables;
    std::optional<Blocker> blocker = waitForLongStatements(connection_, reads_too, cancel);
    const int left = std::max(0, options.attempts_max - attempts_);
    // Waiting for the lock makes others wait too: the first tries are short.
    const double wait_s = std::min(
        options.wait_s, std::max(kShortestWaitS, options.wait_s / std::ldexp(1.0, std::min(left, 8))));
    if ((left == 0 || !blocker) && acquire(wait_s)) return;
    if (left == 0) {
      if (!blocker) blocker = findBlocker(connection_, 0, reads_too);
      throw Error(
          ErrorCode::kDatabaseBusy,
          "the lock for the backup's instant was not granted within " + std::to_string(attempts_) +
              " attempts: " +
              (blocker ? blocker->describe()
                       : std::string("a client holds tables locked (LOCK TABLES) that cannot be seen")),
          "end that statement or wait for it, then run the backup again");
    }
    pause(pause_s, cancel);
    pause_s = std::min(kPauseMaxS, pause_s * 2);
  }
}

// False: not granted in time, nothing is held.
bool GlobalLock::acquire(double wait_s) {
  const double begin_s = monotonicSeconds();
  try {
    if (method_ == Method::kBackupStage) {
      try {
        connection_.executeWithin("BACKUP STAGE START", wait_s);
      } catch (const Error&) {
        if (connection_.lastErrorNumber() != kSyntaxError) throw;
        method_ = Method::kFlushTables;
      }
    }
    if (method_ == Method::kBackupStage) {
      stage_open_ = true;
      asked_s_ = monotonicSeconds();
      connection_.executeWithin("BACKUP STAGE BLOCK_COMMIT", wait_s);
    } else {
      asked_s_ = monotonicSeconds();
      connection_.executeWithin("FLUSH TABLES WITH READ LOCK", wait_s);
    }
    held_ = true;
    granted_s_ = monotonicSeconds();
    pending_s_ += granted_s_ - begin_s;
    return true;
  } catch (const Error& e) {
    abandon();
    pending_s_ += monotonicSeconds() - begin_s;
    if (e.code() == ErrorCode::kDatabaseBusy) return false;
    if (e.code() == ErrorCode::kDatabaseDenied)
      throw Error(e.code(), e.what(),
                  "give the backup's database user the right to lock: GRANT RELOAD ON *.* TO ...");
    throw;
  }
}

void GlobalLock::abandon() noexcept {
  try {
    if (method_ == Method::kBackupStage) {
      if (stage_open_) connection_.execute("BACKUP STAGE END");
    } else if (held_) {
      connection_.execute("UNLOCK TABLES");
    }
  } catch (const Error&) {
    // The connection is gone, and the lock with it.
  }
  stage_open_ = held_ = false;
}

GlobalLock::~GlobalLock() {
  if (held_ || stage_open_) abandon();
}

void GlobalLock::release() {
  ENAMEL_CHECK(held_);
  const bool stage = method_ == Method::kBackupStage;
  held_ = stage_open_ = false;
  try {
    connection_.execute(stage ? "BACKUP STAGE END" : "UNLOCK TABLES");
  } catch (Error& e) {
    e.addContext("the lock was lost before everything was read");
    throw;
  }
  released_s_ = monotonicSeconds();
}

std::string GlobalLock::methodName() const {
  return method_ == Method::kBackupStage ? "BACKUP STAGE" : "FLUSH TABLES WITH READ LOCK";
}

}  // namespace enamel::mariadb
