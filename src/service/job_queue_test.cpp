// Jobs here wait at gates that the test opens, so every order of events is made, not hoped for.

#include "service/job_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <stdexcept>

#include "service/testing/job_queue_fixture.h"

namespace enamel::service {
namespace {

TEST_F(JobQueueTest, ARunBringsItsResultHome) {
  addJob("a", [](Progress& progress, CancelToken&) {
    progress.bytes_done = 9;
    return JobResult{.state = RunState::kIncomplete, .snapshot = "5f3a", .json = "{}"};
  });
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  const service::Run told = recorder_.waitFor(id, RunState::kIncomplete);
  EXPECT_EQ(told.snapshot, "5f3a");
  EXPECT_TRUE(told.ended.has_value());
  EXPECT_EQ(runs_.find(id)->progress.bytes_done, 9U);
  EXPECT_EQ(runs_.result(id), "{}");
  EXPECT_EQ(recorder_.statesOf(id),
            (std::vector<RunState>{RunState::kQueued, RunState::kRunning, RunState::kIncomplete}));
}

TEST_F(JobQueueTest, OneRepositoryDoesOneThingAtATimeInOrder) {
  std::atomic<int> at_work{0}, most{0};
  std::vector<std::string> order;
  for (const char* name : {"a", "b", "c", "d"})
    addJob(name, [&, name](Progress&, CancelToken&) {
      most = std::max<int>(most, ++at_work);
      order.emplace_back(name);  // a race if two ran at once: the thread sanitizer would say so
      --at_work;
      return JobResult{};
    });
  const auto queue = makeQueue();
  std::int64_t last = 0;
  for (const char* name : {"a", "b", "c", "d"}) last = submit(*queue, name);
  EXPECT_EQ(queue->active().size(), 4U);  // nothing runs before start()
  queue->start();
  recorder_.waitFor(last, RunState::kDone);
  EXPECT_EQ(order, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(most, 1);
}

// Each of the two waits until the other has begun: one after the other would never end.
TEST_F(JobQueueTest, RepositoriesWorkSideBySide) {
  Gate first, second;
  addJob("a", [&](Progress&, CancelToken&) {
    first.open();
    second.pass();
    return JobResult{};
  });
  addJob("b", [&](Progress&, CancelToken&) {
    second.open();
    first.pass();
    return JobResult{};
  });
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t a = submit(*queue, "a", "here"), b = submit(*queue, "b", "there");
  recorder_.waitFor(a, RunState::kDone);
  recorder_.waitFor(b, RunState::kDone);
}

TEST_F(JobQueueTest, WhatWaitsIsSeenInOrderBehindWhatRuns) {
  Gate began, may_end;
  addGatedJob("a", began, may_end);
  addJob("b", [](Progress&, CancelToken&) { return JobResult{}; });
  addJob("c", jobs_["b"]);
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t a = submit(*queue, "a");
  began.pass();
  const std::int64_t b = submit(*queue, "b"), c = submit(*queue, "c");
  const std::vector<service::Run> active = queue->active();
  ASSERT_EQ(active.size(), 3U);
  EXPECT_EQ(active[0].id, a);
  EXPECT_EQ(active[0].state, RunState::kRunning);
  EXPECT_EQ(active[1].id, b);
  EXPECT_EQ(active[1].state, RunState::kQueued);
  EXPECT_EQ(active[2].id, c);
  may_end.open();
  recorder_.waitFor(c, RunState::kDone);
}

TEST_F(JobQueueTest, TwoPeopleWhoPressTheSameButtonGetTheSameRun) {
  Gate began, may_end;
  addGatedJob("a", began, may_end);
  addJob("b", [](Progress&, CancelToken&) { return JobResult{}; });
  const auto queue = makeQueue();
  queue->start();
  const JobQueue::Submitted first = queue->submit(request("a"), "Sarah");
  began.pass();
  const JobQueue::Submitted second = queue->submit(request("a"), "Tom");
  EXPECT_FALSE(first.was_there);
  EXPECT_TRUE(second.was_there);
  EXPECT_EQ(second.run.id, first.run.id);
  EXPECT_EQ(second.run.started_by, "Sarah");
  const std::int64_t queued = submit(*queue, "b");
  EXPECT_EQ(submit(*queue, "b"), queued);
  may_end.open();
  recorder_.waitFor(queued, RunState::kDone);
  EXPECT_GT(submit(*queue, "a"), queued);  // the first one ended: a new one
}

TEST_F(JobQueueTest, AQueuedRunIsCancelledAtOnce) {
  Gate began, may_end;
  addGatedJob("a", began, may_end);
  addJob("b",
         [](Progress&, CancelToken&) -> JobResult { throw std::logic_error("was cancelled, and runs"); });
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t a = submit(*queue, "a");
  began.pass();
  const std::int64_t b = submit(*queue, "b");
  queue->cancel(b);
  EXPECT_EQ(stateOf(b), RunState::kCancelled);
  EXPECT_EQ(queue->active().size(), 1U);
  may_end.open();
  recorder_.waitFor(a, RunState::kDone);
  queue->stop();
  EXPECT_EQ(recorder_.statesOf(b), (std::vector<RunState>{RunState::kQueued, RunState::kCancelled}));
}

TEST_F(JobQueueTest, ARunningRunIsCancelledWhenItGivesUp) {
  Gate began;
  addPatientJob("a", began);
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  began.pass();
  queue->cancel(id);
  recorder_.waitFor(id, RunState::kCancelled);
  EXPECT_EQ(stateOf(id), RunState::kCancelled);
  EXPECT_EQ(errorCodeOf([&] { queue->cancel(id); }), ErrorCode::kNotFound);
  EXPECT_EQ(errorCodeOf([&] { queue->cancel(99); }), ErrorCode::kNotFound);
}

TEST_F(JobQueueTest, ARunThatWasFinishedBeforeItSawTheCancelIsDone) {
  Gate began, may_end;
  addGatedJob("a", began, may_end);
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  began.pass();
  queue->cancel(id);
  may_end.open();
  recorder_.waitFor(id, RunState::kDone);
}

TEST_F(JobQueueTest, AJobThatThrowsHasFailedWithItsReason) {
  addJob("error", [](Progress&, CancelToken&) -> JobResult {
    throw Error(ErrorCode::kNoSpace, "disk full", "clean");
  });
  addJob("exception", [](Progress&, CancelToken&) -> JobResult { throw std::runtime_error("odd"); });
  addJob("other", [](Progress&, CancelToken&) -> JobResult { throw 5; });
  // A lost repository lock cancels the job's token: nobody asked for that.
  addJob("lock", [](Progress&, CancelToken& cancel) -> JobResult {
    cancel.cancel();
    cancel.check();
    return {};
  });
  const auto queue = makeQueue();
  queue->start();
  const auto errorOf = [&](const std::string& options) {
    return recorder_.waitFor(submit(*queue, options), RunState::kFailed).error.value();
  };
  EXPECT_EQ(errorOf("error"), (RunError{.code = "no_space", .message = "disk full", .hint = "clean"}));
  EXPECT_EQ(errorOf("exception").message, "odd");
  EXPECT_EQ(errorOf("other").code, "internal");
  EXPECT_EQ(errorOf("lock").code, "cancelled");
  EXPECT_EQ(errorOf("no such job: the factory throws").code, "internal");
  jobs_["error"] = [](Progress&, CancelToken&) { return JobResult{}; };
  recorder_.waitFor(submit(*queue, "error"), RunState::kDone);  // and the queue goes on
}

TEST_F(JobQueueTest, StopInterruptsWhatRunsAndKeepsWhatWaits) {
  Gate began;
  addPatientJob("a", began);
  std::int64_t running = 0, waiting = 0;
  {
    const auto queue = makeQueue();
    queue->start();
    running = submit(*queue, "a");
    began.pass();
    waiting = submit(*queue, "b");
    queue->stop();
    EXPECT_EQ(stateOf(running), RunState::kInterrupted);
    EXPECT_EQ(stateOf(waiting), RunState::kQueued);
    EXPECT_EQ(errorCodeOf([&] { submit(*queue, "c"); }), ErrorCode::kCancelled);
    queue->stop();
  }
  // The next process.
  addJob("b", [](Progress&, CancelToken&) { return JobResult{}; });
  const auto next = makeQueue();
  EXPECT_TRUE(next->submit(request("b"), "Tom").was_there);
  next->start();
  recorder_.waitFor(waiting, RunState::kDone);
}

TEST_F(JobQueueTest, StopKeepsTheOutcomeOfAJobThatWasFinishedFirst) {
  Gate began, may_end;
  addGatedJob("a", began, may_end);
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  began.pass();
  auto stopping = std::async(std::launch::async, [&] { queue->stop(); });
  may_end.open();
  stopping.get();
  EXPECT_EQ(stateOf(id), RunState::kDone);
}

TEST_F(JobQueueTest, AQueueThatNeverStartedStops) {
  const auto queue = makeQueue();
  const std::int64_t id = submit(*queue, "a");
  queue->stop();
  queue->start();
  EXPECT_EQ(stateOf(id), RunState::kQueued);
}

TEST_F(JobQueueTest, TheQueueIsBounded) {
  const auto queue = makeQueue({.queued_max = 2});
  submit(*queue, "a");
  submit(*queue, "b");
  EXPECT_EQ(errorCodeOf([&] { submit(*queue, "c"); }), ErrorCode::kLimit);
  submit(*queue, "c", "other");
}

TEST_F(JobQueueTest, AnEndThatTheDiskDidNotTakeIsRecordedLater) {
  addJob("a", [](Progress&, CancelToken&) { return JobResult{.snapshot = "5f3a"}; });
  state_.database.executeScript(
      "CREATE TRIGGER full BEFORE UPDATE ON runs WHEN NEW.state = 'done' BEGIN SELECT RAISE(ABORT, 'full'); "
      "END");
  const auto queue = makeQueue();
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  EXPECT_EQ(recorder_.waitFor(id, RunState::kDone).snapshot, "5f3a");  // people are told all the same
  EXPECT_EQ(stateOf(id), RunState::kRunning);
  state_.database.executeScript("DROP TRIGGER full");
  EXPECT_GT(submit(*queue, "a"), id);
  EXPECT_EQ(stateOf(id), RunState::kDone);
  EXPECT_EQ(runs_.find(id)->snapshot, "5f3a");
}

TEST_F(JobQueueTest, ARunThatTheHistoryCannotBeginDoesNotRun) {
  std::atomic<bool> ran{false};
  addJob("a", [&](Progress&, CancelToken&) {
    ran = true;
    return JobResult{};
  });
  state_.database.executeScript(
      "CREATE TRIGGER full BEFORE UPDATE ON runs WHEN NEW.state = 'running' BEGIN SELECT RAISE(ABORT, "
      "'full'); END");
  const auto queue = makeQueue();
  queue->start();
  recorder_.waitFor(submit(*queue, "a"), RunState::kFailed);
  EXPECT_FALSE(ran);
}

// For the thread sanitizer, and for the law: every run that was taken ends, once.
TEST_F(JobQueueTest, ManyPeopleAtOnce) {
  for (int i = 0; i < 8; ++i) addJob(std::to_string(i), [](Progress&, CancelToken&) { return JobResult{}; });
  const auto queue =
      makeQueue({.tell_every = std::chrono::milliseconds(1), .save_every = std::chrono::milliseconds(2)});
  queue->start();
  std::mutex mutex;
  std::set<std::int64_t> taken;
  std::vector<std::thread> people;
  for (int person = 0; person < 4; ++person) {
    people.emplace_back([&, person] {
      for (int i = 0; i < 8; ++i) {
        const std::int64_t id = submit(*queue, std::to_string(i), i % 2 == 0 ? "here" : "there");
        {
          const std::lock_guard lock(mutex);
          taken.insert(id);
        }
        static_cast<void>(queue->active());
        static_cast<void>(queue->find(id));
        if (person == 0) {
          try {
            queue->cancel(id);
          } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::kNotFound);  // it has ended
          }
        }
      }
    });
  }
  for (std::thread& person : people) person.join();
  for (const std::int64_t id : taken)
    recorder_.waitFor([=](const service::Run& run) { return run.id == id && ended(run.state); });
  queue->stop();
  EXPECT_EQ(queue->active().size(), 0U);
  for (const std::int64_t id : taken) {
    EXPECT_TRUE(ended(stateOf(id)));
    const std::vector<RunState> states = recorder_.statesOf(id);
    EXPECT_EQ(std::count_if(states.begin(), states.end(), ended), 1);
  }
}

}  // namespace
}  // namespace enamel::service
