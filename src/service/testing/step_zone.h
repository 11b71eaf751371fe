#pragma once

#include <rapidcheck.h>

#include <cstdint>

#include "service/time_zone.h"

namespace enamel::service {

// A place whose clocks are changed once: for laws about any place and any day.
class StepZone final : public TimeZone {
 public:
  StepZone(std::int64_t step_seconds, std::int64_t before, std::int64_t after)
      : step_seconds_(step_seconds), before_(before), after_(after) {}
  std::int64_t offsetSeconds(Timestamp time) const override {
    return time.ns < step_seconds_ * 1'000'000'000 ? before_ : after_;
  }
  std::int64_t step() const { return step_seconds_; }
  // How far clocks go forward at the step; negative: back.
  std::int64_t jump() const { return after_ - before_; }

 private:
  std::int64_t step_seconds_, before_, after_;
};

// Offsets of real places are from -12 to 14 hours, changes at most an hour, on a quarter of an hour.
inline rc::Gen<StepZone> anyStepZone() {
  return rc::gen::apply(
      [](std::int64_t quarter, int before, int jump) {
        return StepZone(1'700'000'000 / 900 * 900 + quarter * 900, before * 1800,
                        before * 1800 + jump * 1800);
      },
      rc::gen::inRange<std::int64_t>(-1000, 1000), rc::gen::inRange(-24, 27), rc::gen::inRange(-2, 3));
}

// Within two days of the step.
inline rc::Gen<Timestamp> momentNear(const StepZone& zone) {
  return rc::gen::map(
      rc::gen::inRange<std::int64_t>(-172'800, 172'800),
      [step = zone.step()](std::int64_t seconds) { return Timestamp{(step + seconds) * 1'000'000'000}; });
}

}  // namespace enamel::service
