#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace enamel::service {

enum class AlertSeverity { kWarning, kCritical };
// "warning", "critical".
std::string_view name(AlertSeverity severity);
std::optional<AlertSeverity> alertSeverityOf(std::string_view name);

// Something that is not as it should be, in words for an office manager. Texts may hold names of files,
// tables and users; no secrets.
struct AlertCondition {
  std::string code;  // stable, for scripts; one of kAlertCodes. There is one alert of a code at a time.
  AlertSeverity severity = AlertSeverity::kWarning;
  std::string title;                // one line: "No backup since yesterday 12:30"
  std::string detail;               // what was seen
  std::string advice;               // what to do
  std::optional<std::int64_t> run;  // the run that it was seen at

  friend bool operator==(const AlertCondition&, const AlertCondition&) = default;
};

// All that are not as they should be at one moment.
struct AlertFindings {
  std::vector<AlertCondition> conditions;  // of different codes
  std::set<std::string> unknown;           // codes that could not be looked at: they neither begin nor end
};

// When somebody was told of an alert by a channel, or in vain.
struct AlertTelling {
  std::string channel;  // "email", "webhook"
  Timestamp at;
  std::string error;  // empty: it was delivered. No secrets.
};

// A condition that began and lasts, or is over.
struct Alert : AlertCondition {
  std::int64_t id = 0;
  Timestamp since, last_seen;
  std::optional<Timestamp> ended, muted_until;
  std::vector<AlertTelling> told;  // the newest of each channel
};

inline constexpr std::string_view kAlertCodes[] = {
    "no_backup",          "backup_overdue",      "backup_failed",      "backup_incomplete",
    "repository_damaged", "drill_failed",        "drill_overdue",      "destination_gone",
    "destination_full",   "destination_filling", "office_paused_long", "administrator_missing",
    "password_missing",   "audit_log_broken",    "images_scrambled",   "images_rewritten",
    "images_missing",     "rows_collapsed"};

}  // namespace enamel::service
