#pragma once

#include <optional>
#include <string>

#include "mariadb/connection.h"

namespace enamel::mariadb {

// A statement that keeps a global lock waiting, or soon will.
struct Blocker {
  std::string user;  // "dentist@ws4"
  double seconds = 0;
  std::string statement;  // its first words, no values
  std::string describe() const;
};

// The longest-running statement of other clients that takes at least so long already and would delay the
// lock: writes, and reads too where the lock waits for those. Sees only its own user's without the PROCESS
// right.
std::optional<Blocker> findBlocker(Connection& connection, double seconds_min, bool reads_too);

}  // namespace enamel::mariadb
