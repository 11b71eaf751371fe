#pragma once

#include "base/time.h"
#include "service/runs.h"
#include "service/schedule.h"
#include "service/time_zone.h"

namespace enamel::service {

// How late a backup may begin before it counts as overdue, or its day as missed.
inline constexpr std::int64_t kBackupGraceNs = 2LL * 3600 * 1'000'000'000;

// Pure. Was a backup due on that day, by the schedule as it is now, and none made: neither on the day nor
// within the time of grace after the last that was due? One that is incomplete counts as made: it is told
// apart. What was due before `since`, when the history begins, or less than the time of grace ago, was not
// missed. next: the day after, if there is one.
bool isMissed(const RunDay& day, const RunDay* next, const Schedule& schedule, const TimeZone& zone,
              Timestamp since, Timestamp now);

}  // namespace enamel::service
