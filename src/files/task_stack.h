#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "base/worker_pool.h"

namespace enamel::files {

// Threads working off tasks that make more tasks, last in first out: a walk of folders stays close to depth
// first, so what waits is bounded by the depth of the tree and not by its size. Leaves (pieces of work that
// make none) go before everything else. Thread-safe.
class TaskStack {
 public:
  // worker: index of the thread that runs the task, below the number of threads.
  using Task = std::function<void(std::size_t worker)>;

  // Runs `first` and all that follows from it; returns when nothing is left. The first exception a task
  // throws is kept, the remaining tasks are dropped, and run() rethrows it.
  void run(std::size_t threads, Priority priority, Task first);

  // For tasks.
  void push(Task task);
  // A leaf: pushes nothing and does not call help().
  void pushLeaf(Task task);
  // Runs leaves, or waits for leaves run by others, until done() holds. done() is asked after each leaf that
  // ended and each wake(), with the stack locked. Throws what a failed task threw.
  void help(std::size_t worker, const std::function<bool()>& done);
  // Something that a done() looks at has changed other than by a leaf's end.
  void wake();

 private:
  void work(std::size_t worker);
  void fail(std::exception_ptr failure);
  // Takes the newest of `from`, runs it and keeps its failure.
  void runNewest(std::vector<Task>& from, std::size_t worker, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_, leaves_;  // guarded by mutex_
  std::size_t running_ = 0;           // guarded by mutex_
  std::exception_ptr failure_;        // guarded by mutex_
};

}  // namespace enamel::files
