#pragma once

#include <string>
#include <vector>

#include "service/alert_store.h"
#include "service/time_zone.h"

namespace enamel::service {

// What people are told of several alerts at once. practice: its name, or empty.

// On one line: "Smile Dental: The backup failed (and 2 more)".
std::string newsSubject(const std::string& practice, const std::vector<DueNews>& news);
// The whole text of a mail.
std::string newsText(const std::string& practice, const std::vector<DueNews>& news, const TimeZone& zone);
// The webhook's body: {"practice", "time", "text", "news": [{"news": "begins", "alert": {...}}]}.
std::string newsJson(const std::string& practice, const std::vector<DueNews>& news, const TimeZone& zone,
                     Timestamp now);

}  // namespace enamel::service
