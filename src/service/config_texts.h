#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/schedule.h"

namespace enamel::service {

// How the parts of a schedule are written in the configuration's file and in the API. The functions that read
// give nullopt for what is none.

std::vector<std::string> textsOf(const std::vector<TimeOfDay>& times);  // "07:30"
std::optional<std::vector<TimeOfDay>> timesOf(const std::vector<std::string>& texts);

std::vector<std::string> textsOf(const std::array<bool, 7>& days);  // "monday"
// nullopt also for no day at all.
std::optional<std::array<bool, 7>> daysOf(const std::vector<std::string>& texts);

std::string textOf(const std::optional<QuietHours>& quiet);  // "22:00-06:00", or empty
// The text is not empty.
std::optional<QuietHours> quietHoursOf(std::string_view text);

}  // namespace enamel::service
