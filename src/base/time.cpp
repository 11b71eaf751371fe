#include "base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <limits>

namespace enamel {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    timespec ts{};
    clock_gettime(CLOCK_REALTIME, &ts);
    return {static_cast<std::int64_t>(ts.tv_sec) * kNsPerSecond + ts.tv_nsec};
  }
};

struct Cursor {
  std::string_view text;
  bool failed = false;

  int digits(std::size_t count) {
    if (text.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text[i] < '0' || text[i] > '9') return fail();
      value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
  }
  void expect(char c) {
    if (text.empty() || text.front() != c) {
      fail();
      return;
    }
    text.remove_prefix(1);
  }
  int fail() {
    failed = true;
    return 0;
  }
};

}  // namespace

const Clock& Clock::system() {
  static const SystemClock clock;
  return clock;
}

std::string formatRfc3339(Timestamp time) {
  std::int64_t seconds = time.ns / kNsPerSecond;
  std::int64_t fraction = time.ns % kNsPerSecond;
  if (fraction < 0) {
    fraction += kNsPerSecond;
    --seconds;
  }
  const auto t = static_cast<std::time_t>(seconds);
  std::tm tm{};
  gmtime_r(&t, &tm);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", tm.tm_year + 1900, tm.tm_mon + 1,
                                tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  if (fraction != 0) {
    std::string digits = fmt::format("{:09}", fraction);
    while (digits.back() == '0') digits.pop_back();
    out += '.' + digits;
  }
  return out + 'Z';
}

std::optional<Timestamp> parseRfc3339(std::string_view text) {
  Cursor in{text};
  const int year = in.digits(4);
  in.expect('-');
  const int month = in.digits(2);
  in.expect('-');
  const int day = in.digits(2);
  if (!in.failed && !in.text.empty() && in.text.front() == 't')
    in.text.remove_prefix(1);
  else
    in.expect('T');
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  in.expect(':');
  const int second = in.digits(2);
  if (in.failed) return std::nullopt;

  std::int64_t fraction = 0;
  if (!in.text.empty() && in.text.front() == '.') {
    in.text.remove_prefix(1);
    std::int64_t scale = kNsPerSecond;
    std::size_t count = 0;
    while (!in.text.empty() && in.text.front() >= '0' && in.text.front() <= '9') {
      if (scale > 1) {
        scale /= 10;
        fraction += scale * (in.text.front() - '0');
      }
      in.text.remove_prefix(1);
      ++count;
    }
    if (count == 0) return std::nullopt;
  }

  std::int64_t offset = 0;
  if (in.text == "Z" || in.text == "z") {
    in.text = {};
  } else {
    if (in.text.empty() || (in.text.front() != '+' && in.text.front() != '-')) return std::nullopt;
    const int sign = in.text.front() == '-' ? -1 : 1;
    in.text.remove_prefix(1);
    const int hours = in.digits(2);
    in.expect(':');
    const int minutes = in.digits(2);
    if (in.failed || hours > 23 || minutes > 59) return std::nullopt;
    offset = sign * (hours * 3600LL + minutes * 60LL);
  }
  if (!in.text.empty() || hour > 23 || minute > 59 || second > 60) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + hour * 3600LL + minute * 60LL + second - offset;
  constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / kNsPerSecond - 1;
  if (seconds > kMaxSeconds) return Timestamp{std::numeric_limits<std::int64_t>::max()};
  if (seconds < -kMaxSeconds) return Timestamp{std::numeric_limits<std::int64_t>::min()};
  return Timestamp{seconds * kNsPerSecond + fraction};
}

std::string formatLocal(Timestamp time) {
  auto seconds = static_cast<std::time_t>(time.ns / kNsPerSecond);
  if (time.ns % kNsPerSecond < 0) --seconds;
  std::tm tm{};
  localtime_r(&seconds, &tm);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                     tm.tm_hour, tm.tm_min, tm.tm_sec);
}

double monotonicSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace enamel
