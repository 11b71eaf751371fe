#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace enamel {

// A point in time, nanoseconds since 1970-01-01 UTC (about the years 1678 to 2262).
struct Timestamp {
  std::int64_t ns = 0;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

// Where "now" comes from; passed in so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;

  // The machine's clock.
  static const Clock& system();
};

// RFC 3339 with as many fraction digits as needed, in UTC: "2026-11-22T09:41:00.123456789Z".
std::string formatRfc3339(Timestamp time);

// Reads RFC 3339 with any offset and 0 to 9 fraction digits; nullopt if it is none. Times outside the range
// of Timestamp are clamped to it (Go writes years 1 to 9999).
std::optional<Timestamp> parseRfc3339(std::string_view text);

// "2026-11-22 09:41:00" in the machine's time zone, for people.
std::string formatLocal(Timestamp time);

// Seconds since some fixed point, monotonic, for durations.
double monotonicSeconds();

}  // namespace enamel
