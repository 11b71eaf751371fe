#pragma once

#include <cstdint>

#include "service/time_zone.h"

namespace enamel::service {

// A place whose clocks show UTC.
class Utc final : public TimeZone {
 public:
  std::int64_t offsetSeconds(Timestamp) const override { return 0; }
};

}  // namespace enamel::service
