#include "service/config_texts.h"

#include <algorithm>

#include "service/config_fields.h"

namespace enamel::service {

std::vector<std::string> textsOf(const std::vector<TimeOfDay>& times) {
  std::vector<std::string> texts;
  for (const TimeOfDay time : times) texts.push_back(time.text());
  return texts;
}

std::optional<std::vector<TimeOfDay>> timesOf(const std::vector<std::string>& texts) {
  if (texts.size() > kTimesMax) return std::nullopt;
  std::vector<TimeOfDay> times;
  for (const std::string& text : texts) {
    const auto time = TimeOfDay::parse(text);
    if (!time) return std::nullopt;
    times.push_back(*time);
  }
  return times;
}

std::vector<std::string> textsOf(const std::array<bool, 7>& days) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (days[i]) names.emplace_back(kDayNames[i]);
  return names;
}

std::optional<std::array<bool, 7>> daysOf(const std::vector<std::string>& texts) {
  if (texts.empty()) return std::nullopt;
  std::array<bool, 7> days{};
  for (const std::string& text : texts) {
    const auto day = std::find(kDayNames.begin(), kDayNames.end(), text);
    if (day == kDayNames.end()) return std::nullopt;
    days[static_cast<std::size_t>(day - kDayNames.begin())] = true;
  }
  return days;
}

std::string textOf(const std::optional<QuietHours>& quiet) {
  return quiet ? quiet->from.text() + "-" + quiet->to.text() : "";
}

std::optional<QuietHours> quietHoursOf(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = TimeOfDay::parse(text.substr(0, 5));
  const auto to = TimeOfDay::parse(text.substr(6));
  if (!from || !to || from == to) return std::nullopt;
  return QuietHours{.from = *from, .to = *to};
}

}  // namespace enamel::service
