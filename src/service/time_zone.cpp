#include "service/time_zone.h"

#include <date/tz.h>

#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>

#include "base/error.h"
#include "base/printable.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::size_t kNameBytesMax = 100;

std::int64_t floorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

std::int64_t wholeSeconds(Timestamp time) {
  return floorDivide(time.ns, kNsPerSecond);
}

class MachineZone final : public TimeZone {
 public:
  std::int64_t offsetSeconds(Timestamp time) const override {
    const auto seconds = static_cast<std::time_t>(wholeSeconds(time));
    std::tm tm{};
    localtime_r(&seconds, &tm);
    return tm.tm_gmtoff;
  }
};

class NamedZone final : public TimeZone {
 public:
  explicit NamedZone(const date::time_zone& zone) : zone_(zone) {}
  std::int64_t offsetSeconds(Timestamp time) const override {
    return zone_.get_info(date::sys_seconds(std::chrono::seconds(wholeSeconds(time)))).offset.count();
  }

 private:
  const date::time_zone& zone_;  // lives as long as the process
};

}  // namespace

std::chrono::sys_days LocalTime::day() const {
  return std::chrono::sys_days(std::chrono::days(floorDivide(seconds, kSecondsPerDay)));
}

int LocalTime::secondsOfDay() const {
  return static_cast<int>(seconds - floorDivide(seconds, kSecondsPerDay) * kSecondsPerDay);
}

LocalTime TimeZone::toLocal(Timestamp time) const {
  return {wholeSeconds(time) + offsetSeconds(time)};
}

Timestamp TimeZone::toMoment(LocalTime local) const {
  // The offsets well before and well after are the only two that can hold at that reading.
  const std::int64_t before = offsetSeconds({(local.seconds - kSecondsPerDay) * kNsPerSecond});
  const std::int64_t after = offsetSeconds({(local.seconds + kSecondsPerDay) * kNsPerSecond});
  const Timestamp with_before{(local.seconds - before) * kNsPerSecond};
  const Timestamp with_after{(local.seconds - after) * kNsPerSecond};
  if (offsetSeconds(with_before) == before) return with_before;
  if (offsetSeconds(with_after) == after) return with_after;
  return with_before;
}

const TimeZone& TimeZone::machine() {
  static const MachineZone zone;
  return zone;
}

std::string TimeZone::machineName() {
  std::string name;
  if (const char* tz = std::getenv("TZ"); tz != nullptr && *tz != 0) {
    name = *tz == ':' ? tz + 1 : tz;
  } else {
    std::error_code error;
    const std::string link = std::filesystem::canonical("/etc/localtime", error).string();
    constexpr std::string_view kFolder = "/zoneinfo/";
    if (const auto at = link.find(kFolder); at != std::string::npos) name = link.substr(at + kFolder.size());
  }
  try {
    (void)named(name);
  } catch (const Error&) {
    name.clear();
  }
  return name;
}

std::unique_ptr<TimeZone> TimeZone::named(const std::string& name) {
  try {
    if (name.size() <= kNameBytesMax) return std::make_unique<NamedZone>(*date::locate_zone(name));
  } catch (const std::exception&) {
    // No such zone, or no database of them: said below in our words.
  }
  throw Error(ErrorCode::kUsage, "there is no time zone '" + printable(name.substr(0, kNameBytesMax)) + "'",
              "name it as in \"America/Chicago\"; the names come from the system's package tzdata");
}

}  // namespace enamel::service
