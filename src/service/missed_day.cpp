#include "service/missed_day.h"

#include <algorithm>
#include <optional>

namespace enamel::service {
namespace {

bool isBackup(const Run& run) {
  return run.request.kind == RunKind::kBackup &&
         (run.state == RunState::kDone || run.state == RunState::kIncomplete);
}

// The last one of that day that nobody can still be waiting for.
std::optional<Timestamp> lastDue(const RunDay& day, const Schedule& schedule, const TimeZone& zone,
                                 Timestamp since, Timestamp now) {
  std::optional<Timestamp> last;
  Timestamp after{day.begin.ns - 1};
  while (const auto due = nextRun(schedule, zone, after)) {
    if (due->ns >= day.end.ns || due->ns + kBackupGraceNs > now.ns) break;
    if (due->ns >= since.ns) last = due;
    after = *due;
  }
  return last;
}

}  // namespace

bool isMissed(const RunDay& day, const RunDay* next, const Schedule& schedule, const TimeZone& zone,
              Timestamp since, Timestamp now) {
  if (std::any_of(day.runs.begin(), day.runs.end(), isBackup)) return false;
  const auto due = lastDue(day, schedule, zone, since, now);
  if (!due) return false;
  if (next == nullptr) return true;
  return std::none_of(next->runs.begin(), next->runs.end(), [&](const Run& run) {
    return isBackup(run) && run.started.value_or(run.queued).ns <= due->ns + kBackupGraceNs;
  });
}

}  // namespace enamel::service
