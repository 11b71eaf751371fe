#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/gate.h"
#include "service/job_queue.h"
#include "service/testing/test_state.h"

namespace enamel::service {

// What a listener was told, in order.
class Recorder {
 public:
  JobQueue::Listener listener() {
    return [this](const service::Run& run) {
      const std::lock_guard lock(mutex_);
      told_.push_back(run);
      changed_.notify_all();
    };
  }
  service::Run waitFor(std::int64_t id, RunState state) {
    // An end of another kind would otherwise be waited for in vain.
    service::Run found = waitFor(
        [=](const service::Run& run) { return run.id == id && (run.state == state || ended(run.state)); });
    EXPECT_EQ(found.state, state);
    return found;
  }
  service::Run waitFor(const std::function<bool(const service::Run&)>& wanted) {
    std::unique_lock lock(mutex_);
    for (;;) {
      for (const service::Run& run : told_)
        if (wanted(run)) return run;
      changed_.wait(lock);
    }
  }
  std::vector<RunState> statesOf(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    std::vector<RunState> states;
    for (const service::Run& run : told_)
      if (run.id == id) states.push_back(run.state);
    return states;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<service::Run> told_;
};

class JobQueueTest : public testing::Test {
 protected:
  static RunRequest request(const std::string& options, const std::string& repository = "main") {
    return {.kind = RunKind::kBackup, .repository = repository, .options = options};
  }
  std::int64_t submit(JobQueue& queue, const std::string& options, const std::string& repository = "main") {
    return queue.submit(request(options, repository), "Sarah").run.id;
  }
  // A queue whose jobs are found in jobs_ by their options.
  std::unique_ptr<JobQueue> makeQueue(const JobQueue::Options& options = {}) {
    auto queue = std::make_unique<JobQueue>(
        runs_, [this](const service::Run& run) { return jobs_.at(run.request.options); }, options);
    queue->addListener(recorder_.listener());
    return queue;
  }
  void addJob(const std::string& options, Job job) { jobs_[options] = std::move(job); }
  // One that says when it began and goes on when it may.
  void addGatedJob(const std::string& options, Gate& began, Gate& may_end) {
    addJob(options, [&](Progress&, CancelToken&) {
      began.open();
      may_end.pass();
      return JobResult{};
    });
  }
  // One that works until it is asked to stop.
  void addPatientJob(const std::string& options, Gate& began) {
    addJob(options, [&](Progress&, CancelToken& cancel) -> JobResult {
      began.open();
      for (;;) {
        cancel.check();
        std::this_thread::yield();
      }
    });
  }
  RunState stateOf(std::int64_t id) const { return runs_.find(id).value().state; }

  TestState state_;
  Runs runs_{state_.database, state_.clock};
  std::map<std::string, Job> jobs_;
  Recorder recorder_;
};

}  // namespace enamel::service
