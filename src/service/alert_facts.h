#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "service/backup_figures.h"
#include "service/destination.h"
#include "service/health.h"

namespace enamel::service {

// What the alerts are made of, at one moment.
struct AlertFacts {
  HealthFacts health;
  Timestamp watched_since;                      // when this repository was first looked at
  bool can_back_up = false;                     // the configuration has all that a backup needs
  std::vector<std::string> incomplete;          // of health.last_backup: what is missing from it, "path: why"
  std::vector<BackupFigures> backups;           // whole ones that were made, complete or not, newest first
  std::optional<DestinationFacts> destination;  // nullopt: not looked at
  bool administrator_is_set = true;             // the local one
  std::optional<std::vector<std::string>> without_password;  // users of Open Dental that may do everything
  std::string audit_finding;                                 // empty: the log is whole
};

}  // namespace enamel::service
