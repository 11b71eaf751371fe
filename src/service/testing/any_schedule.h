#pragma once

#include <rapidcheck.h>

#include "service/schedule.h"

namespace enamel::service {

inline rc::Gen<TimeOfDay> anyTimeOfDay() {
  return rc::gen::map(rc::gen::inRange(0, 1440), [](int minutes) { return TimeOfDay{minutes}; });
}

// With one time and one day at least.
inline rc::Gen<Schedule> anySchedule() {
  return rc::gen::exec([] {
    Schedule schedule;
    const int times = *rc::gen::inRange(1, 5);
    for (int i = 0; i < times; ++i) schedule.times.push_back(*anyTimeOfDay());
    for (bool& day : schedule.days) day = *rc::gen::arbitrary<bool>();
    schedule.days[*rc::gen::inRange<std::size_t>(0, 7)] = true;
    if (*rc::gen::arbitrary<bool>()) {
      const TimeOfDay from = *anyTimeOfDay();
      schedule.quiet = QuietHours{from, TimeOfDay{(from.minutes + *rc::gen::inRange(1, 1440)) % 1440}};
    }
    return schedule;
  });
}

}  // namespace enamel::service
