#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "mariadb/connection.h"

namespace enamel::mariadb {

// How patiently a move waits for others, and where a test may cut it.
struct MoveOptions {
  // A statement that waits for a lock keeps everybody waiting who comes after it: short waits, several times.
  unsigned lock_wait_s = 2;
  unsigned lock_attempts = 8;
  // For tests. Called before and after each statement that changes something; what it throws ends the move
  // there.
  std::function<void(std::string_view sql, bool done)> on_statement = {};
  // For tests: so many tables a RENAME TABLE, as if a server had died in the middle of the one; 0: all.
  std::size_t tables_a_rename = 0;
};

// A connection on which a move changes things: zero dates and foreign keys are taken as they are, waits for
// locks are short, and every change goes through execute(). Not thread-safe.
class MoveSession {
 public:
  // options and cancel outlive it.
  MoveSession(const Address& address, const MoveOptions& options, const CancelToken& cancel);

  // For what only reads, and for settings.
  Connection& reading() { return connection_; }
  // Runs a statement, again where others held a lock. Throws kDatabaseBusy, naming who works in `database`
  // where that can be seen, when they still do.
  void execute(const std::string& sql, const std::string& database = {});
  const MoveOptions& options() const { return options_; }
  const CancelToken& cancel() const { return *cancel_; }
  // From here on stopping would do harm.
  void finishWhateverComes() { cancel_ = &CancelToken::never(); }

 private:
  std::string othersIn(const std::string& database);

  const MoveOptions& options_;
  const CancelToken* cancel_;
  Connection connection_;
};

// Who else is connected to the server with that database selected, "dentist@ws4" each; without the right
// PROCESS only sessions of one's own account.
std::vector<std::string> sessionsIn(Connection& connection, const std::string& database);

}  // namespace enamel::mariadb
