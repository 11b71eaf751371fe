#include "files/rate_limiter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/time.h"

namespace enamel::files {
namespace {

TEST(RateLimiter, holdsAllThreadsTogetherToTheRate) {
  RateLimiter limiter(10'000'000);
  const double begin = monotonicSeconds();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) limiter.take(100'000, CancelToken::never());
    });
  }
  for (std::thread& thread : threads) thread.join();
  // 4 MB at 10 MB/s less the burst and the last piece, which nobody waits for. Never faster; slower is the
  // machine.
  EXPECT_GE(monotonicSeconds() - begin, 0.4 - 0.1 - 0.01 - 0.001);
}

TEST(RateLimiter, letsEverythingThroughWithoutALimit) {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i) limiter.take(1ULL << 40, CancelToken::never());
}

TEST(RateLimiter, cancellingEndsAWait) {
  RateLimiter limiter(1);
  CancelToken cancel;
  limiter.take(1'000'000, cancel);  // the next one is due in 11 days
  std::thread canceller([&] { cancel.cancel(); });
  EXPECT_THROW(limiter.take(1, cancel), Error);
  canceller.join();
}

}  // namespace
}  // namespace enamel::files
