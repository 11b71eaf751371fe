#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "service/runs.h"

namespace enamel::service {

// What a job brings home. A job that throws has failed.
struct JobResult {
  RunState state = RunState::kDone;  // kDone, kIncomplete or kFailed (a drill that found the backup wanting)
  std::string snapshot;              // 64 digits, or empty
  std::string json;                  // for the history, or empty
  std::optional<RunError> error;     // for kFailed
};

using Job = std::function<JobResult(Progress&, CancelToken&)>;

// Makes the job of a run, from its kind and options; also of runs that an earlier process of the service left
// queued. Called by the thread that then runs the job; what it throws fails the run.
using JobFactory = std::function<Job(const Run&)>;

// Runs jobs: one at a time for a repository, in the order in which they were asked for, repositories side by
// side (a thread for each that has work). The queue lies in Runs, so it outlives the process; runs that it
// was doing when it died are "interrupted".
//
// Thread-safe. Listeners are called by one thread of its own, in the order of events, never with a lock of
// the queue held, so they may call the queue (but not add or remove listeners).
class JobQueue {
 public:
  struct Options {
    // How often progress is looked at and told, at most, and how often it is written into the history.
    std::chrono::milliseconds tell_every{200};
    std::chrono::milliseconds save_every{5000};
    std::size_t queued_max = 100;  // of one repository
  };
  // A run that was queued, started or ended, or whose progress is another. What it throws is dropped.
  using Listener = std::function<void(const Run&)>;

  // Nothing runs before start(). REQUIRES: runs outlives it.
  JobQueue(Runs& runs, JobFactory factory, const Options& options);
  JobQueue(Runs& runs, JobFactory factory) : JobQueue(runs, std::move(factory), Options()) {}
  ~JobQueue();  // stop()
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  void start();

  struct Submitted {
    Run run;
    bool was_there = false;  // an equal request is queued or running; it is that run
  };
  // Two people who press the same button get the same run. Throws kLimit if the queue is full, kCancelled
  // after stop(), and what Runs throws.
  Submitted submit(const RunRequest& request, const std::string& started_by);

  // A queued run is "cancelled" when this returns. A running one is asked to stop; it becomes "cancelled"
  // when its job gives up, "done" if that was finished first. Throws kNotFound if it is neither.
  void cancel(std::int64_t run);

  // As Runs::find, with the newest progress.
  std::optional<Run> find(std::int64_t run) const;
  // All that run, with the newest progress, then all that are queued, each in the order they were asked for.
  std::vector<Run> active() const;

  // After removeListener returned the listener is not called any more.
  int addListener(Listener listener);
  void removeListener(int listener);

  // Cancels what runs, waits for it, and records it as "interrupted" (a job that was finished first keeps its
  // outcome); what is queued stays queued for the next process. Further calls do nothing. Not to be called by
  // a listener or a job.
  void stop();

 private:
  // A job at work.
  struct Active {
    Run run;
    Progress progress;
    CancelToken cancel;
    bool cancelled_by_person = false;  // guarded by the queue's mutex_
    ProgressSample told;               // the notifier's own
    ProgressSample saved;              // the notifier's own
  };
  // A repository that has work.
  struct Lane {
    std::deque<Run> queued;
    std::shared_ptr<Active> active;
    std::thread thread;
  };
  // An end that the disk did not take yet.
  struct Unrecorded {
    std::int64_t run = 0;
    RunOutcome outcome;
  };

  void startLane(const std::string& repository, Lane& lane);
  void work(const std::string& repository);
  RunOutcome runJob(Active& active);
  RunOutcome outcomeOf(const Active& active, RunError error) const;
  void end(const Active& active, RunOutcome outcome);
  void record(Unrecorded end);
  void recordAgain();
  void tell(Run run);
  void joinEnded(std::unique_lock<std::mutex>& lock);
  std::optional<Submitted> findEqual(const RunRequest& request) const;

  void notify();
  void callListeners(const Run& run);
  std::vector<Run> newProgress();
  void saveProgress();

  Runs& runs_;
  const JobFactory factory_;
  const Options options_;

  mutable std::mutex mutex_;      // taken before the one of Runs' database; guards all of this group
  std::condition_variable told_;  // wakes the notifier
  std::map<std::string, Lane> lanes_;
  std::vector<std::thread> ended_;  // of lanes that ran out of work, to be joined
  std::deque<Run> events_;
  std::vector<Unrecorded> unrecorded_;
  bool started_ = false;
  bool stopping_ = false;
  bool silent_ = false;  // everything ended: the notifier may go when events_ is empty

  std::mutex stop_mutex_;  // stop() by two threads: the second waits for the first
  std::thread notifier_;

  std::mutex listeners_mutex_;  // taken without mutex_ held; held while listeners are called
  std::map<int, Listener> listeners_;
  int listener_next_ = 1;
};

}  // namespace enamel::service
