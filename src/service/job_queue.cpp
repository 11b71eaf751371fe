#include "service/job_queue.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/threads.h"

namespace enamel::service {
namespace {

// What is being handled right now.
RunError currentError() {
  try {
    throw;
  } catch (const Error& error) {
    return {.code = std::string(errorName(error.code())), .message = error.what(), .hint = error.hint()};
  } catch (const std::exception& error) {
    return {.code = std::string(errorName(ErrorCode::kInternal)), .message = error.what(), .hint = {}};
  } catch (...) {
    return {.code = std::string(errorName(ErrorCode::kInternal)),
            .message = "something that is no error was thrown",
            .hint = {}};
  }
}

}  // namespace

JobQueue::JobQueue(Runs& runs, JobFactory factory, const Options& options)
    : runs_(runs), factory_(std::move(factory)), options_(options) {
  for (Run& run : runs_.queued()) lanes_[run.request.repository].queued.push_back(std::move(run));
}

JobQueue::~JobQueue() {
  stop();
}

void JobQueue::start() {
  const std::lock_guard lock(mutex_);
  if (started_ || stopping_) return;
  notifier_ = startThread([this] { notify(); });
  started_ = true;
  for (auto& [repository, lane] : lanes_) startLane(repository, lane);
}

void JobQueue::startLane(const std::string& repository, Lane& lane) {
  lane.thread = startThread([this, repository] { work(repository); });
}

std::optional<JobQueue::Submitted> JobQueue::findEqual(const RunRequest& request) const {
  const auto found = lanes_.find(request.repository);
  if (found == lanes_.end()) return std::nullopt;
  const auto equal = [&](const Run& run) {
    return run.request.kind == request.kind && run.request.options == request.options;
  };
  const Lane& lane = found->second;
  if (lane.active && equal(lane.active->run)) return Submitted{.run = lane.active->run, .was_there = true};
  for (const Run& run : lane.queued)
    if (equal(run)) return Submitted{.run = run, .was_there = true};
  return std::nullopt;
}

JobQueue::Submitted JobQueue::submit(const RunRequest& request, const std::string& started_by) {
  std::unique_lock lock(mutex_);
  joinEnded(lock);
  if (stopping_)
    throw Error(ErrorCode::kCancelled, "the service is stopping", "try again when it runs again");
  if (auto equal = findEqual(request)) return *std::move(equal);
  recordAgain();  // an equal run may have ended without the disk having taken it
  Lane& lane = lanes_[request.repository];
  if (lane.queued.size() >= options_.queued_max)
    throw Error(ErrorCode::kLimit,
                std::to_string(options_.queued_max) + " runs are queued for this repository",
                "wait until some of them ended, or cancel some");
  // Before the run is written down: it must not wait in a queue that nobody works off. The thread waits for
  // our lock, and ends if there is no run after all.
  if (started_ && !lane.thread.joinable()) startLane(request.repository, lane);
  Submitted submitted{.run = runs_.add(request, started_by)};
  lane.queued.push_back(submitted.run);
  tell(submitted.run);
  return submitted;
}

void JobQueue::cancel(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  for (auto& [repository, lane] : lanes_) {
    if (lane.active && lane.active->run.id == id) {
      lane.active->cancelled_by_person = true;
      lane.active->cancel.cancel();
      return;
    }
    const auto queued =
        std::find_if(lane.queued.begin(), lane.queued.end(), [&](const Run& r) { return r.id == id; });
    if (queued == lane.queued.end()) continue;
    runs_.finish(id, {.state = RunState::kCancelled});
    lane.queued.erase(queued);
    if (auto run = runs_.find(id)) tell(*std::move(run));
    return;
  }
  throw Error(ErrorCode::kNotFound, "run " + std::to_string(id) + " is neither queued nor running");
}

std::optional<Run> JobQueue::find(std::int64_t id) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [repository, lane] : lanes_) {
    if (!lane.active || lane.active->run.id != id) continue;
    Run run = lane.active->run;
    run.progress = ProgressSample::of(lane.active->progress);
    return run;
  }
  return runs_.find(id);
}

std::vector<Run> JobQueue::active() const {
  const std::lock_guard lock(mutex_);
  std::vector<Run> running, queued;
  for (const auto& [repository, lane] : lanes_) {
    if (lane.active) {
      running.push_back(lane.active->run);
      running.back().progress = ProgressSample::of(lane.active->progress);
    }
    queued.insert(queued.end(), lane.queued.begin(), lane.queued.end());
  }
  const auto older = [](const Run& a, const Run& b) { return a.id < b.id; };
  std::sort(running.begin(), running.end(), older);
  std::sort(queued.begin(), queued.end(), older);
  running.insert(running.end(), queued.begin(), queued.end());
  return running;
}

void JobQueue::work(const std::string& repository) {
  std::unique_lock lock(mutex_);
  const auto lane = lanes_.find(repository);
  while (!stopping_ && !lane->second.queued.empty()) {
    const auto active = std::make_shared<Active>();
    active->run = lane->second.queued.front();
    lane->second.queued.pop_front();
    lane->second.active = active;
    RunOutcome outcome;
    try {
      runs_.start(active->run.id);
      active->run = runs_.find(active->run.id).value_or(active->run);
      tell(active->run);
      lock.unlock();
      outcome = runJob(*active);
      lock.lock();
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      // The history could not be written. A run that nobody would hear of afterwards is not begun.
      outcome = outcomeOf(*active, currentError());
    }
    lane->second.active = nullptr;
    end(*active, std::move(outcome));
  }
  if (stopping_) return;  // stop() joins the threads of all lanes
  ended_.push_back(std::move(lane->second.thread));
  lanes_.erase(lane);
}

// Runs without the lock; nothing that a job throws leaves it.
RunOutcome JobQueue::runJob(Active& active) {
  RunError error;
  try {
    const Job job = factory_(active.run);
    JobResult result = job(active.progress, active.cancel);
    ENAMEL_CHECK(ended(result.state));
    return {.state = result.state,
            .progress = ProgressSample::of(active.progress),
            .snapshot = std::move(result.snapshot),
            .result = std::move(result.json),
            .error = std::move(result.error)};
  } catch (...) {
    error = currentError();
  }
  const std::lock_guard lock(mutex_);
  return outcomeOf(active, std::move(error));
}

// REQUIRES: mutex_ is held.
RunOutcome JobQueue::outcomeOf(const Active& active, RunError error) const {
  RunOutcome outcome{.state = RunState::kFailed, .progress = ProgressSample::of(active.progress)};
  // A job may also give up because it lost its lock on the repository: that is a failure.
  const bool gave_up = error.code == errorName(ErrorCode::kCancelled);
  // Whatever else it met on its way out: somebody wanted its end.
  if (active.cancelled_by_person)
    outcome.state = RunState::kCancelled;
  else if (gave_up && stopping_)
    outcome.state = RunState::kInterrupted;
  if (outcome.state == RunState::kInterrupted && error.hint.empty())
    error.hint = "nothing is damaged; run it again, what is stored is reused";
  outcome.error = std::move(error);
  return outcome;
}

void JobQueue::end(const Active& active, RunOutcome outcome) {
  Run run = active.run;
  run.state = outcome.state;
  run.progress = outcome.progress;
  run.snapshot = outcome.snapshot;
  run.error = outcome.error;
  recordAgain();
  record({.run = run.id, .outcome = std::move(outcome)});
  try {
    if (auto recorded = runs_.find(run.id); recorded && ended(recorded->state)) run = *std::move(recorded);
  } catch (const Error&) {
    // The disk does not answer; what is known here is told without the time of the end.
  }
  tell(std::move(run));
}

void JobQueue::record(Unrecorded end) {
  try {
    runs_.finish(end.run, end.outcome);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return;  // it has an end already
    // A full disk, most likely. Tried again with every later change and at the end; a process that dies
    // before that leaves the run "running", which the next one turns into "interrupted".
    unrecorded_.push_back(std::move(end));
  }
}

void JobQueue::recordAgain() {
  for (Unrecorded& end : std::exchange(unrecorded_, {})) record(std::move(end));
}

void JobQueue::joinEnded(std::unique_lock<std::mutex>& lock) {
  std::vector<std::thread> threads = std::exchange(ended_, {});
  lock.unlock();  // they let go of it on their last step
  for (std::thread& thread : threads) thread.join();
  lock.lock();
}

void JobQueue::stop() {
  const std::lock_guard stop_lock(stop_mutex_);
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    threads = std::exchange(ended_, {});
    for (auto& [repository, lane] : lanes_) {
      if (lane.active) lane.active->cancel.cancel();
      if (lane.thread.joinable()) threads.push_back(std::move(lane.thread));
    }
  }
  for (std::thread& thread : threads) thread.join();
  {
    const std::lock_guard lock(mutex_);
    recordAgain();
    silent_ = true;
  }
  told_.notify_all();
  if (notifier_.joinable()) notifier_.join();
}

}  // namespace enamel::service
