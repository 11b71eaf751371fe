#include "base/worker_pool.h"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/threads.h"

namespace enamel {
namespace {

// linux/ioprio.h is not in Debian's libc headers under these names; values from the kernel's uapi.
constexpr int kIoprioWhoProcess = 1;
constexpr int kIoprioClassShift = 13;
constexpr int kIoprioClassBestEffort = 2;
constexpr int kIoprioClassIdle = 3;

void setIoPriority(int io_class, int level) {
  syscall(SYS_ioprio_set, kIoprioWhoProcess, 0, io_class << kIoprioClassShift | level);
}

}  // namespace

void setThreadPriority(Priority priority) {
  sched_param param{};
  if (priority == Priority::kIdle) {
    sched_setscheduler(0, SCHED_IDLE, &param);
    setIoPriority(kIoprioClassIdle, 0);
  } else {
    sched_setscheduler(0, SCHED_OTHER, &param);
    setIoPriority(kIoprioClassBestEffort, 4);
  }
}

Priority threadPriority() {
  return sched_getscheduler(0) == SCHED_IDLE ? Priority::kIdle : Priority::kNormal;
}

std::size_t cpuCount() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
  return std::max(1U, std::thread::hardware_concurrency());
}

WorkerPool::WorkerPool(const Options& options)
    : queue_max_(options.queue_max != 0 ? options.queue_max
                                        : 2 * (options.threads != 0 ? options.threads : cpuCount())) {
  const std::size_t count = options.threads != 0 ? options.threads : cpuCount();
  threads_ = startThreads(
      count, [this, priority = options.priority, name = options.name](std::size_t) { run(priority, name); },
      [this] { stop(); });
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    queue_.clear();
  }
  work_.notify_all();
  space_.notify_all();
}

WorkerPool::~WorkerPool() {
  stop();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::submit(std::function<void()> task) {
  std::unique_lock lock(mutex_);
  space_.wait(lock, [this] { return queue_.size() < queue_max_ || failure_ || stopping_; });
  if (failure_) std::rethrow_exception(failure_);
  if (stopping_) return;
  queue_.push_back(std::move(task));
  lock.unlock();
  work_.notify_one();
}

void WorkerPool::wait() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return queue_.empty() && running_ == 0; });
  if (failure_) std::rethrow_exception(failure_);
}

void WorkerPool::run(Priority priority, const char* name) {
  pthread_setname_np(pthread_self(), name);
  if (priority != Priority::kNormal) setThreadPriority(priority);
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return !queue_.empty() || stopping_; });
    if (queue_.empty()) return;
    {
      std::function<void()> task = std::move(queue_.front());
      queue_.pop_front();
      ++running_;
      lock.unlock();
      space_.notify_one();
      std::exception_ptr failure;
      try {
        task();
      } catch (...) {
        failure = std::current_exception();
      }
      task = nullptr;  // what the task holds is released before it counts as done
      lock.lock();
      --running_;
      if (failure && !failure_) {
        failure_ = failure;
        queue_.clear();
        space_.notify_all();
      }
    }
    if (queue_.empty() && running_ == 0) idle_.notify_all();
  }
}

void parallelFor(std::size_t count, std::size_t threads, Priority priority,
                 const std::function<void(std::size_t)>& body) {
  if (count == 0) return;
  if (count == 1 && priority == Priority::kNormal) return body(0);
  // Before the pool: its threads may use them to its end.
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  WorkerPool pool(
      {.threads = std::clamp<std::size_t>(threads, 1, count), .priority = priority, .name = "parallel"});
  for (std::size_t t = 0; t < pool.threads(); ++t) {
    pool.submit([&] {
      for (std::size_t i = next++; i < count && !failed; i = next++) {
        try {
          body(i);
        } catch (...) {
          failed = true;
          throw;
        }
      }
    });
  }
  pool.wait();
}

}  // namespace enamel
