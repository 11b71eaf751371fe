#include "files/task_stack.h"

#include <pthread.h>

#include <thread>
#include <utility>

#include "base/error.h"
#include "base/threads.h"

namespace enamel::files {

void TaskStack::run(std::size_t threads, Priority priority, Task first) {
  push(std::move(first));
  std::vector<std::thread> workers = startThreads(
      threads,
      [this, priority](std::size_t i) {
        pthread_setname_np(pthread_self(), "files");
        if (priority != Priority::kNormal) setThreadPriority(priority);
        work(i);
      },
      [this] { fail(std::make_exception_ptr(Error(ErrorCode::kLimit, "too few threads"))); });
  for (std::thread& worker : workers) worker.join();
  tasks_.clear();
  leaves_.clear();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void TaskStack::push(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  // All: the one woken could be a helper, which leaves tasks alone.
  changed_.notify_all();
}

void TaskStack::pushLeaf(Task task) {
  {
    const std::lock_guard lock(mutex_);
    leaves_.push_back(std::move(task));
  }
  // All here too: the helper woken could just have seen its own work done.
  changed_.notify_all();
}

void TaskStack::help(std::size_t worker, const std::function<bool()>& done) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (failure_) std::rethrow_exception(failure_);
    if (done()) return;
    if (!leaves_.empty()) {
      runNewest(leaves_, worker, lock);
    } else {
      changed_.wait(lock);
    }
  }
}

void TaskStack::wake() {
  {
    // Passed through, so that whoever has just found done() false is waiting by now.
    const std::lock_guard lock(mutex_);
  }
  changed_.notify_all();
}

void TaskStack::fail(std::exception_ptr failure) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
  }
  changed_.notify_all();
}

void TaskStack::work(std::size_t worker) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (failure_) break;
    if (!leaves_.empty()) {
      runNewest(leaves_, worker, lock);
    } else if (!tasks_.empty()) {
      runNewest(tasks_, worker, lock);
    } else if (running_ == 0) {
      break;
    } else {
      changed_.wait(lock);
    }
  }
  changed_.notify_all();
}

void TaskStack::runNewest(std::vector<Task>& from, std::size_t worker, std::unique_lock<std::mutex>& lock) {
  const bool leaf = &from == &leaves_;
  Task task = std::move(from.back());
  from.pop_back();
  ++running_;
  lock.unlock();
  std::exception_ptr failure;
  try {
    task(worker);
  } catch (...) {
    failure = std::current_exception();
  }
  task = nullptr;  // what the task holds is free before anybody asks whether it is
  lock.lock();
  --running_;
  if (failure && !failure_) failure_ = failure;
  if (leaf || failure_ || (running_ == 0 && tasks_.empty())) changed_.notify_all();
}

}  // namespace enamel::files
