#pragma once

#include <vector>

#include "base/time.h"
#include "service/alert.h"
#include "service/backup_figures.h"
#include "service/time_zone.h"

namespace enamel::service {

// What blackmail software, a failing disk or a slip of the hand leaves behind, as backups see it. Image files
// of a practice are written once and then stay: what changes many of them is worth a look. backups: newest
// first. Pure. Each signal compares a backup with its parent, so a first backup gives none, and lasts seven
// days, as the next backup already takes the new state for the usual one:
// - images_scrambled: ten image files or more, half of those rewritten or new in place of vanished ones, now
// look
//   like random bytes and begin like no known kind of file (files/content_look.h). Ten: single odd files
//   exist (exports of imaging programs); ten that were images before do not.
// - images_rewritten, images_missing: 30 files or more, a tenth of all, and five times what any of the ten
// backups
//   before had, have other content or are gone under their names. A day's work deletes or turns a few; a
//   patient's full series is about 20. Files that could not be read are not gone: incomplete backups give no
//   images_missing.
// - rows_collapsed: a table of what Open Dental never deletes (patients, procedures, payments ...) lost a
// fifth of
//   50 rows or more, or any other half of 500 or more. Tables that Open Dental clears itself do not count.
std::vector<AlertCondition> ransomSignals(const std::vector<BackupFigures>& backups, Timestamp now,
                                          const TimeZone& zone);

}  // namespace enamel::service
