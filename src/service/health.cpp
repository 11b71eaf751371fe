#include "service/health.h"

#include "service/missed_day.h"
#include "service/schedule.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDrillGraceNs = 48LL * 3600 * kSecondNs;
constexpr std::int64_t kClockErrorNs = 300 * kSecondNs;
constexpr std::int64_t kUnscheduledNs = 24LL * 3600 * kSecondNs;

// Whether something should have begun since the last one that was right, and its time of grace is over. One
// that is dated ahead was dated by a wrong clock, and says nothing of how old it is.
bool isOverdue(const Schedule& schedule, const TimeZone& zone, Timestamp last, Timestamp now,
               std::int64_t grace_ns) {
  if (last.ns - now.ns > kClockErrorNs) return true;
  const auto next = nextRun(schedule, zone, last);
  return next && now.ns - next->ns > grace_ns;
}

bool isNewer(const std::optional<Run>& run, const Run& than) {
  return run && run->id > than.id;
}

}  // namespace

bool isBackupOverdue(const Config& config, const TimeZone& zone, Timestamp last, Timestamp now) {
  if (config.schedule.times.empty() && now.ns - last.ns > kUnscheduledNs) return true;
  return isOverdue(config.schedule, zone, last, now, kBackupGraceNs);
}

bool isDrillOverdue(const Config& config, const TimeZone& zone, Timestamp last, Timestamp now) {
  return isOverdue(config.drills.schedule, zone, last, now, kDrillGraceNs);
}

Timestamp beginOf(const Run& run) {
  return run.started.value_or(run.queued);
}

std::string_view name(HealthState state) {
  switch (state) {
    case HealthState::kSafe:
      return "safe";
    case HealthState::kWarning:
      return "warning";
    case HealthState::kUnsafe:
      break;
  }
  return "unsafe";
}

Health healthOf(const Config& config, const TimeZone& zone, const HealthFacts& facts) {
  Health health;
  health.drill_failed = facts.last_drill && facts.last_drill->state == RunState::kFailed;
  if (facts.last_drill && !health.drill_failed) health.proven_at = facts.last_drill->ended;
  if (!facts.last_good_backup) {
    health.code = "no_backup";
    return health;
  }
  const Run& good = *facts.last_good_backup;
  health.safe_as_of = beginOf(good);
  if (facts.last_check && facts.last_check->state == RunState::kFailed) {
    health.code = "damaged";
    return health;
  }
  if (isBackupOverdue(config, zone, beginOf(good), facts.now)) {
    health.code = "overdue";
    return health;
  }
  health.state = HealthState::kWarning;
  if (isNewer(facts.last_backup, good) && facts.last_backup->state == RunState::kFailed) {
    health.code = "last_failed";
  } else if (isNewer(facts.last_backup, good) && facts.last_backup->state == RunState::kIncomplete) {
    health.code = "last_incomplete";
  } else if (health.drill_failed) {
    health.code = "drill_failed";
  } else if (!facts.last_drill) {
    health.code = "never_drilled";
  } else if (isDrillOverdue(config, zone, beginOf(*facts.last_drill), facts.now)) {
    health.code = "drill_overdue";
  } else {
    health.state = HealthState::kSafe;
    health.code = "safe";
  }
  return health;
}

}  // namespace enamel::service
