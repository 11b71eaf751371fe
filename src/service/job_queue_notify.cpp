// The half of JobQueue that tells others: one thread that hands events to the listeners and looks at the
// progress of what runs.

#include "base/error.h"
#include "service/job_queue.h"

namespace enamel::service {

int JobQueue::addListener(Listener listener) {
  const std::lock_guard lock(listeners_mutex_);
  listeners_.emplace(listener_next_, std::move(listener));
  return listener_next_++;
}

void JobQueue::removeListener(int listener) {
  const std::lock_guard lock(listeners_mutex_);
  listeners_.erase(listener);
}

// REQUIRES: mutex_ is held.
void JobQueue::tell(Run run) {
  events_.push_back(std::move(run));
  told_.notify_all();
}

void JobQueue::notify() {
  using Steady = std::chrono::steady_clock;
  auto next_look = Steady::now() + options_.tell_every;
  auto next_save = Steady::now() + options_.save_every;
  std::unique_lock lock(mutex_);
  while (!silent_ || !events_.empty()) {
    told_.wait_until(lock, next_look, [&] { return silent_ || !events_.empty(); });
    std::deque<Run> events = std::exchange(events_, {});
    lock.unlock();
    for (const Run& event : events) callListeners(event);
    if (Steady::now() >= next_look) {
      for (const Run& run : newProgress()) callListeners(run);
      next_look = Steady::now() + options_.tell_every;
    }
    if (Steady::now() >= next_save) {
      saveProgress();
      next_save = Steady::now() + options_.save_every;
    }
    lock.lock();
  }
}

void JobQueue::callListeners(const Run& run) {
  const std::lock_guard lock(listeners_mutex_);
  for (const auto& [number, listener] : listeners_) {
    try {
      listener(run);
    } catch (...) {
      // A browser that went away must not keep the others, or a backup, from going on.
    }
  }
}

std::vector<Run> JobQueue::newProgress() {
  std::vector<Run> changed;
  const std::lock_guard lock(mutex_);
  // An event that waits would be overtaken: a run told "running" after its end. It is told first, this later.
  if (!events_.empty()) return changed;
  for (auto& [repository, lane] : lanes_) {
    if (!lane.active) continue;
    ProgressSample sample = ProgressSample::of(lane.active->progress);
    if (sample == lane.active->told) continue;
    lane.active->told = sample;
    changed.push_back(lane.active->run);
    changed.back().progress = std::move(sample);
  }
  return changed;
}

void JobQueue::saveProgress() {
  const std::lock_guard lock(mutex_);
  for (auto& [repository, lane] : lanes_) {
    if (!lane.active) continue;
    const ProgressSample sample = ProgressSample::of(lane.active->progress);
    if (sample == lane.active->saved) continue;
    try {
      runs_.saveProgress(lane.active->run.id, sample);
      lane.active->saved = sample;
    } catch (const Error&) {
      // Progress of a moment; the next one, or the end of the run, will do.
    }
  }
}

}  // namespace enamel::service
