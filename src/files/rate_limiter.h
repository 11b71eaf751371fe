#pragma once

#include <cstdint>
#include <mutex>

#include "base/cancel.h"

namespace enamel::files {

// Holds the threads that share it to so many bytes a second in total: each says what it is about to read (or
// has just read) and waits for its turn. After a pause at most a tenth of a second's worth goes through at
// once, so a slow disk sees an even load. Thread-safe.
class RateLimiter {
 public:
  // 0: no limit, take() then costs a comparison.
  explicit RateLimiter(std::uint64_t bytes_per_second_max) : bytes_per_second_max_(bytes_per_second_max) {}

  // Returns when `bytes` more may be read; at once where that is due already. Throws kCancelled soon after
  // cancel, also in the middle of a long wait.
  void take(std::uint64_t bytes, const CancelToken& cancel);

 private:
  const std::uint64_t bytes_per_second_max_;
  std::mutex mutex_;
  double next_seconds_ = 0;  // monotonic time at which all bytes granted so far are due; guarded by mutex_
};

}  // namespace enamel::files
