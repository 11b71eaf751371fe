#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/time.h"

namespace enamel::service {

// A wall clock's reading, without a zone: seconds since 1970-01-01 00:00:00 on that clock.
struct LocalTime {
  std::int64_t seconds = 0;

  static LocalTime of(std::chrono::sys_days day, int seconds_of_day) {
    return {day.time_since_epoch().count() * 86400LL + seconds_of_day};
  }
  // The calendar day (as days since 1970; no zone is meant), and the seconds since its midnight.
  std::chrono::sys_days day() const;
  int secondsOfDay() const;

  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

// What a place's clocks show, daylight saving included. Thread-safe.
class TimeZone {
 public:
  virtual ~TimeZone() = default;

  // How far the place's clocks are ahead of UTC at that moment, seconds.
  virtual std::int64_t offsetSeconds(Timestamp time) const = 0;

  LocalTime toLocal(Timestamp time) const;

  // The moment the clocks show that. A reading that occurs twice (clocks went back) means the first; one that
  // does not occur (they went forward) means as long after the jump as it is past the jump's begin: 02:30 is
  // then 03:30. REQUIRES: no two changes of the offset within a day.
  Timestamp toMoment(LocalTime local) const;

  // The machine's own (TZ, /etc/localtime), by localtime_r: std::chrono's time zones are missing in GCC 12.
  static const TimeZone& machine();
  // The name of machine() in the IANA database, from TZ or where /etc/localtime leads; empty where neither
  // names one.
  static std::string machineName();

  // By its name in the IANA database ("America/Chicago"), read from the system's (Debian: tzdata) by the date
  // library (https://github.com/HowardHinnant/date, which became std::chrono's); that one knows changes of
  // clocks until 2037. Throws kUsage if there is no such zone; any text may be asked for.
  static std::unique_ptr<TimeZone> named(const std::string& name);
};

}  // namespace enamel::service
