#pragma once

#include <atomic>

#include "base/error.h"

namespace enamel {

// A flag that asks long work to stop. Set by a signal handler, a request or another thread; looked at by the
// work between steps. Lock-free, so cancel() may be called from a signal handler. Never un-set.
class CancelToken {
 public:
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

  // Throws Error(kCancelled) once cancel() was called.
  void check() const {
    if (cancelled()) throw Error(ErrorCode::kCancelled, "stopped on request");
  }

  // A token that nobody cancels.
  static const CancelToken& never();

 private:
  std::atomic<bool> cancelled_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

inline const CancelToken& CancelToken::never() {
  static const CancelToken token;
  return token;
}

}  // namespace enamel
