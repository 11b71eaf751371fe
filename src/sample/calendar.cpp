#include "sample/calendar.h"

namespace enamel::sample {
namespace {

void appendTwo(std::string& out, std::int64_t value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

}  // namespace

// Counts years from March 1st of the year 0, so that the leap day is a year's last.
void appendDate(std::string& out, Day day) {
  if (day == kZeroDay) {
    out += "0000-00-00";
    return;
  }
  const std::int64_t since_march = day + 719468;
  const std::int64_t era = since_march / 146097;
  const std::int64_t day_of_era = since_march % 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  appendTwo(out, year / 100);
  appendTwo(out, year);
  out += '-';
  appendTwo(out, month);
  out += '-';
  appendTwo(out, day_of_year - (153 * month_from_march + 2) / 5 + 1);
}

void appendDateTime(std::string& out, Day day, std::int64_t second) {
  appendDate(out, day);
  if (day == kZeroDay || day == kUnsetDay) second = 0;
  out += ' ';
  appendTwo(out, second / 3600);
  out += ':';
  appendTwo(out, second / 60 % 60);
  out += ':';
  appendTwo(out, second % 60);
}

}  // namespace enamel::sample
