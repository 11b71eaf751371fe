#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sample/world.h"

namespace enamel::sample {

// One row of the audit log, known to the two tables it is spread over.
struct LogEntry {
  int permission = 0;
  std::int64_t user = 0;
  Day day = kUnsetDay;
  std::int64_t second = 0;  // of the day; also of the previous time
  std::string text;
  std::uint64_t patient = 0;
  std::string_view computer;
  std::int64_t key = 0;
  Day previous_day = kUnsetDay;
};

LogEntry logEntry(const World& world, std::uint64_t n);

// What securityloghash hashes: permission, user, time, text, patient, and the previous time where there is
// one. A zero time counts as 0001-01-01, which is what a program reads from it.
std::string hashedFields(const LogEntry& entry);

}  // namespace enamel::sample
