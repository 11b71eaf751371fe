#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "service/config.h"
#include "service/run.h"
#include "service/time_zone.h"

namespace enamel::service {

// What the history says of a practice's backups at one moment.
struct HealthFacts {
  std::optional<Run> last_good_backup;  // complete
  std::optional<Run> last_backup;       // that ended, however
  std::optional<Run> last_drill;        // that came to a verdict, of any snapshot
  std::optional<Run> last_check;        // of the repository, that came to a verdict
  Timestamp now;
};

enum class HealthState { kSafe, kWarning, kUnsafe };
std::string_view name(HealthState state);

// The three sentences: safe? since when? can we restore?
struct Health {
  HealthState state = HealthState::kUnsafe;
  std::string code;  // stable, for scripts and the page's catalogue: "safe", "no_backup", "overdue", ...
  std::optional<Timestamp> safe_as_of;  // what happened until then can be brought back
  std::optional<Timestamp> proven_at;   // when the newest drill passed
  bool drill_failed = false;            // the newest drill found its backup wanting
};

// Pure. A backup is overdue two hours after it should have begun, or, where nothing is scheduled, a day after
// the last good one; a drill two days after it should have begun. Codes, worst first: "no_backup", "damaged"
// (the repository), "overdue" (unsafe); "last_failed", "last_incomplete", "drill_failed", "never_drilled",
// "drill_overdue" (warning); "safe".
Health healthOf(const Config& config, const TimeZone& zone, const HealthFacts& facts);

// Whether the next one should be there by now, when the last one (of a drill: of whatever verdict) began
// then.
bool isBackupOverdue(const Config& config, const TimeZone& zone, Timestamp last, Timestamp now);
bool isDrillOverdue(const Config& config, const TimeZone& zone, Timestamp last, Timestamp now);
// When it began, or was asked for if it never did.
Timestamp beginOf(const Run& run);

}  // namespace enamel::service
