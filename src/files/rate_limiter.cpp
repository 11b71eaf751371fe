#include "files/rate_limiter.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/time.h"

namespace enamel::files {
namespace {

constexpr double kBurstSeconds = 0.1;

// Longest sleep between two looks at the cancel token.
constexpr double kNapSeconds = 0.05;

}  // namespace

void RateLimiter::take(std::uint64_t bytes, const CancelToken& cancel) {
  if (bytes_per_second_max_ == 0) return;
  double due;
  {
    // A booking: each caller's turn begins where the one before it ends, so nobody starves.
    const std::lock_guard lock(mutex_);
    due = std::max(next_seconds_, monotonicSeconds() - kBurstSeconds);
    next_seconds_ = due + static_cast<double>(bytes) / static_cast<double>(bytes_per_second_max_);
  }
  for (;;) {
    cancel.check();
    const double rest = due - monotonicSeconds();
    if (rest <= 0) return;
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(rest, kNapSeconds)));
  }
}

}  // namespace enamel::files
