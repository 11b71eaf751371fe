#pragma once

#include "service/alert.h"
#include "service/alert_facts.h"
#include "service/config.h"
#include "service/time_zone.h"

namespace enamel::service {

// What is not as it should be. Pure. Thresholds and their reasons:
// - no_backup: a day after the repository was first looked at; a practice that is being set up is not wrong
// yet.
// - backup_overdue, drill_overdue: as the overview's health says (health.h); drill_overdue also where nothing
// is
//   scheduled and no drill ever passed two weeks long.
// - destination_full: the last backup ended for want of space, or less is free than two backups of late
// added.
//   destination_filling: it lasts less than 14 days, time enough to buy a disk; or less than 5 % is free,
//   unless that is known to last 90 days (5 % of a large disk may be years).
// - office_paused_long: longer than alerts.pause_seconds_max says, in the newest backup.
// - images_..., rows_collapsed: see ransom_signals.h.
AlertFindings findAlerts(const Config& config, const TimeZone& zone, const AlertFacts& facts);

// "2026-11-27 12:30", as the place's clocks show it.
std::string clockText(const TimeZone& zone, Timestamp time);

}  // namespace enamel::service
