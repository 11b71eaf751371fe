#include "http/date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/core.h>

namespace enamel::http {
namespace {

namespace chr = std::chrono;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int readNumber(std::string_view digits) {
  int value = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
}

}  // namespace

std::string formatHttpDate(std::int64_t seconds) {
  const chr::sys_seconds time{chr::seconds(seconds)};
  const auto day = chr::floor<chr::days>(time);
  const chr::year_month_day date(day);
  const chr::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[chr::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::optional<std::int64_t> parseHttpDate(std::string_view text) {
  if (text.size() != 29) return std::nullopt;
  const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const int day = readNumber(text.substr(5, 2)), year = readNumber(text.substr(12, 4));
  const int hour = readNumber(text.substr(17, 2)), minute = readNumber(text.substr(20, 2)),
            second = readNumber(text.substr(23, 2));
  if (month == kMonths.end() || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60)
    return std::nullopt;
  const chr::year_month_day date{chr::year(year),
                                 chr::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                 chr::day(static_cast<unsigned>(day))};
  if (day < 1 || !date.ok()) return std::nullopt;
  const chr::sys_seconds time =
      chr::sys_days(date) + chr::hours(hour) + chr::minutes(minute) + chr::seconds(second);
  const std::int64_t seconds = time.time_since_epoch().count();
  // Written again it must be the same: the weekday, the separators, the zone. A leap second has no such form.
  if (second != 60 && formatHttpDate(seconds) != text) return std::nullopt;
  return seconds;
}

}  // namespace enamel::http
