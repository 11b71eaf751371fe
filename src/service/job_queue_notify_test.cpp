// What others are told of the queue's work: states, progress, listeners.

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "service/testing/job_queue_fixture.h"

namespace enamel::service {
namespace {

using JobQueueNotifyTest = JobQueueTest;

TEST_F(JobQueueNotifyTest, ProgressIsThereForWhoeverAsks) {
  Gate began, may_end;
  addJob("a", [&](Progress& progress, CancelToken&) {
    progress.bytes_done = 5;
    progress.setPhase("reading images");
    began.open();
    may_end.pass();
    return JobResult{};
  });
  const auto queue = makeQueue({.tell_every = std::chrono::hours(1), .save_every = std::chrono::hours(1)});
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  began.pass();
  EXPECT_EQ(queue->find(id)->progress.bytes_done, 5U);
  EXPECT_EQ(queue->find(id)->progress.phase, "reading images");
  EXPECT_EQ(queue->active()[0].progress.bytes_done, 5U);
  EXPECT_EQ(queue->find(99).has_value(), false);
  may_end.open();
  recorder_.waitFor(id, RunState::kDone);
  // With an hour between two looks, nobody was told of it.
  EXPECT_EQ(recorder_.statesOf(id).size(), 3U);
}

TEST_F(JobQueueNotifyTest, ListenersAreToldOfProgressWhenItChanges) {
  Gate second_step, may_end;
  addJob("a", [&](Progress& progress, CancelToken&) {
    progress.bytes_done = 1;
    second_step.pass();
    progress.bytes_done = 2;
    may_end.pass();
    return JobResult{};
  });
  const auto queue =
      makeQueue({.tell_every = std::chrono::milliseconds(1), .save_every = std::chrono::hours(1)});
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  const auto shows = [=](std::uint64_t bytes) {
    return [=](const service::Run& run) {
      return run.id == id && run.state == RunState::kRunning && run.progress.bytes_done == bytes;
    };
  };
  recorder_.waitFor(shows(1));
  second_step.open();
  recorder_.waitFor(shows(2));
  may_end.open();
  recorder_.waitFor(id, RunState::kDone);
  // The same progress is not told twice, and none after the end.
  EXPECT_EQ(recorder_.statesOf(id),
            (std::vector<RunState>{RunState::kQueued, RunState::kRunning, RunState::kRunning,
                                   RunState::kRunning, RunState::kDone}));
}

TEST_F(JobQueueNotifyTest, ProgressIsInTheHistoryForTheCaseOfACrash) {
  Gate may_end;
  addJob("a", [&](Progress& progress, CancelToken&) {
    progress.files_done = 7;
    may_end.pass();
    return JobResult{};
  });
  const auto queue =
      makeQueue({.tell_every = std::chrono::milliseconds(1), .save_every = std::chrono::milliseconds(1)});
  queue->start();
  const std::int64_t id = submit(*queue, "a");
  while (runs_.find(id)->progress.files_done != 7) std::this_thread::yield();
  EXPECT_EQ(stateOf(id), RunState::kRunning);
  may_end.open();
  recorder_.waitFor(id, RunState::kDone);
}

TEST_F(JobQueueNotifyTest, AListenerThatThrowsHarmsNobody) {
  addJob("a", [](Progress&, CancelToken&) { return JobResult{}; });
  JobQueue queue(runs_, [this](const service::Run& run) { return jobs_.at(run.request.options); });
  queue.addListener([](const service::Run&) { throw std::runtime_error("went away"); });
  queue.addListener(recorder_.listener());
  queue.start();
  recorder_.waitFor(submit(queue, "a"), RunState::kDone);
}

TEST_F(JobQueueNotifyTest, AListenerThatWasRemovedIsNotCalled) {
  addJob("a", [](Progress&, CancelToken&) { return JobResult{}; });
  const auto queue = makeQueue();
  std::atomic<int> calls{0};
  const int listener = queue->addListener([&](const service::Run&) { ++calls; });
  queue->start();
  recorder_.waitFor(submit(*queue, "a"), RunState::kDone);
  queue->removeListener(listener);
  const int before = calls;
  EXPECT_GT(before, 0);
  recorder_.waitFor(submit(*queue, "a"), RunState::kDone);
  queue->stop();
  EXPECT_EQ(calls, before);
}

}  // namespace
}  // namespace enamel::service
