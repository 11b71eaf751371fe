#include "base/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/error.h"
#include "base/worker_pool.h"

namespace enamel {
namespace {

// Calls test in a process of its own that may have so little more memory that some threads start and others
// do not; returns its exit status.
template <class Test>
int withLittleMemory(Test test) {
  const pid_t child = fork();
  if (child == 0) {
    std::size_t pages = 0;
    if (FILE* file = std::fopen("/proc/self/statm", "r")) {
      if (std::fscanf(file, "%zu", &pages) != 1) _exit(90);
      std::fclose(file);
    }
    // A thread's stack is 8 MiB of address space.
    const rlim_t bytes = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (40U << 20);
    const rlimit limit{bytes, bytes};
    if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(91);
    try {
      test();
    } catch (const Error& e) {
      _exit(e.code() == ErrorCode::kLimit ? 0 : 92);
    } catch (...) {
      _exit(93);
    }
    _exit(94);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ENAMEL_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(ENAMEL_SANITIZED)
constexpr bool kSanitized = true;  // its shadow memory does not fit under a limit on address space
#else
constexpr bool kSanitized = false;
#endif

TEST(Threads, RunEachWithItsNumber) {
  std::atomic<int> sum{0};
  auto threads = startThreads(
      5, [&](std::size_t i) { sum += static_cast<int>(i); }, [] {});
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 10);
}

TEST(Threads, WhereTheSystemGivesTooFewTheOthersAreEndedAndItIsSaid) {
  if (kSanitized) GTEST_SKIP() << "needs a limit on address space, which a sanitizer does not allow";
  EXPECT_EQ(withLittleMemory([] {
              std::mutex mutex;
              std::condition_variable changed;
              bool stopping = false;
              startThreads(
                  5000,
                  [&](std::size_t) {
                    std::unique_lock lock(mutex);
                    changed.wait(lock, [&] { return stopping; });
                  },
                  [&] {
                    {
                      const std::lock_guard lock(mutex);
                      stopping = true;
                    }
                    changed.notify_all();
                  });
            }),
            0);
}

TEST(Threads, APoolThatGetsTooFewEndsCleanly) {
  if (kSanitized) GTEST_SKIP() << "needs a limit on address space, which a sanitizer does not allow";
  EXPECT_EQ(withLittleMemory([] { const WorkerPool pool({.threads = 5000}); }), 0);
}

}  // namespace
}  // namespace enamel
