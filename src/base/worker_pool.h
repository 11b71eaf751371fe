#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace enamel {

// How a thread competes with the rest of the machine.
enum class Priority {
  kNormal,
  // Runs only when nobody else wants the CPU (SCHED_IDLE) or the disk (idle I/O class): the default for bulk
  // work, so that a front desk keeps its speed.
  kIdle,
};

// Sets the calling thread's priority. A thread without the right to come back from kIdle stays there, so
// time-critical work gets threads of its own. Best effort: a kernel that refuses leaves the thread as it is.
void setThreadPriority(Priority priority);
// The calling thread's, as the kernel has it.
Priority threadPriority();

// A fixed number of threads working off a bounded queue, first in first out.
// submit() blocks while the queue is full, so memory stays bounded; tasks must not submit to their own pool
// while it may be full (they run the work themselves instead). The first exception a task throws is kept, the
// remaining tasks are dropped, and wait() rethrows it. Thread-safe. Its making throws kLimit where the system
// gives too few threads.
class WorkerPool {
 public:
  struct Options {
    std::size_t threads = 0;    // 0: one a CPU
    std::size_t queue_max = 0;  // 0: twice the threads
    Priority priority = Priority::kNormal;
    const char* name = "worker";  // at most 15 characters
  };
  explicit WorkerPool(const Options& options);
  // Drops tasks not yet begun, waits for running ones.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Rethrows the first failure instead of queueing once a task has failed.
  void submit(std::function<void()> task);
  // Returns when everything submitted is done; rethrows the first failure.
  void wait();
  std::size_t threads() const { return threads_.size(); }

 private:
  void run(Priority priority, const char* name);
  void stop();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable space_, work_, idle_;
  std::deque<std::function<void()>> queue_;  // guarded by mutex_
  std::size_t running_ = 0;                  // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  std::exception_ptr failure_;               // guarded by mutex_
  std::vector<std::thread> threads_;
};

// Calls body(i) for i in [0, count) on `threads` threads of the given priority; returns when all are done.
// Rethrows the first failure after the others stopped.
void parallelFor(std::size_t count, std::size_t threads, Priority priority,
                 const std::function<void(std::size_t)>& body);

// Number of CPUs this process may use, at least 1.
std::size_t cpuCount();

}  // namespace enamel
