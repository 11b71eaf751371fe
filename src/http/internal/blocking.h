#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "http/internal/asio.h"

namespace enamel::http {

// Runs a task on executor and waits for its result: how a worker asks its connection for something. Not for
// I/O threads, which would wait for themselves. Rethrows what the task throws.
template <class T>
T waitFor(const asio::any_io_executor& executor, Task<T> task) {
  struct State {
    std::mutex mutex;
    std::condition_variable done;
    std::exception_ptr failure;
    std::optional<T> result;
    bool is_done = false;
  } state;
  asio::co_spawn(executor, std::move(task), [&state](std::exception_ptr failure, T result) {
    // Notified under the lock: the waiter's stack holds the state, and is gone once it has seen is_done.
    const std::lock_guard lock(state.mutex);
    state.failure = std::move(failure);
    state.result = std::move(result);
    state.is_done = true;
    state.done.notify_one();
  });
  std::unique_lock lock(state.mutex);
  state.done.wait(lock, [&state] { return state.is_done; });
  if (state.failure) std::rethrow_exception(state.failure);
  return std::move(*state.result);
}

}  // namespace enamel::http
