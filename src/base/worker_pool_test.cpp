#include "base/worker_pool.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/testing/gate.h"

namespace enamel {
namespace {

TEST(WorkerPool, DoesEverythingSubmitted) {
  WorkerPool pool({.threads = 4, .queue_max = 3});
  EXPECT_EQ(pool.threads(), 4U);
  std::atomic<int> sum{0};
  for (int i = 1; i <= 1000; ++i) pool.submit([&sum, i] { sum += i; });
  pool.wait();
  EXPECT_EQ(sum, 500'500);
  pool.submit([&sum] { ++sum; });
  pool.wait();
  EXPECT_EQ(sum, 500'501);
}

TEST(WorkerPool, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  WorkerPool pool({.threads = 1});
  for (int i = 0; i < 100; ++i) pool.submit([&order, i] { order.push_back(i); });
  pool.wait();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order.at(static_cast<std::size_t>(i)), i);
}

TEST(WorkerPool, ThreadsWorkAtTheSameTime) {
  WorkerPool pool({.threads = 2});
  Gate first, second;
  // Each opens the other's gate: one thread alone would wait for ever.
  pool.submit([&] {
    first.open();
    second.pass();
  });
  pool.submit([&] {
    second.open();
    first.pass();
  });
  pool.wait();
}

TEST(WorkerPool, TheQueueIsBounded) {
  WorkerPool pool({.threads = 1, .queue_max = 2});
  Gate gate;
  std::atomic<int> submitted{0};
  std::atomic<int> done{0};
  std::thread producer([&] {
    for (int i = 0; i < 10; ++i) {
      pool.submit([&] {
        gate.pass();
        ++done;
      });
      ++submitted;
    }
  });
  // With the thread held at the gate at most one task runs and two wait: no more than 3 submissions return.
  while (submitted < 3) std::this_thread::yield();
  EXPECT_EQ(submitted, 3);
  EXPECT_EQ(done, 0);
  gate.open();
  producer.join();
  pool.wait();
  EXPECT_EQ(done, 10);
}

TEST(WorkerPool, TheFirstFailureIsKeptAndTheRestDropped) {
  WorkerPool pool({.threads = 1, .queue_max = 100});
  Gate gate;
  std::atomic<int> ran{0};
  pool.submit([&] {
    gate.pass();
    throw Error(ErrorCode::kIo, "the first");
  });
  for (int i = 0; i < 10; ++i) {
    pool.submit([&] {
      ++ran;
      throw Error(ErrorCode::kIo, "a later one");
    });
  }
  gate.open();
  for (int i = 0; i < 2; ++i) {
    try {
      pool.wait();
      FAIL() << "wait() did not throw";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "the first");
    }
  }
  EXPECT_EQ(ran, 0);
  EXPECT_THROW(pool.submit([] {}), Error);
}

TEST(WorkerPool, WhatATaskHoldsIsReleasedBeforeItCountsAsDone) {
  WorkerPool pool({.threads = 2});
  for (int i = 0; i < 100; ++i) {
    auto held = std::make_shared<int>(i);
    const std::weak_ptr<int> watched = held;
    pool.submit([held = std::move(held)] {});
    pool.wait();
    ASSERT_TRUE(watched.expired());
  }
}

TEST(WorkerPool, EndsWithTasksStillQueued) {
  std::atomic<int> ran{0};
  {
    WorkerPool pool({.threads = 1, .queue_max = 100});
    for (int i = 0; i < 50; ++i) pool.submit([&] { ++ran; });
  }
  EXPECT_LE(ran, 50);
}

TEST(WorkerPool, IdleThreadsGiveWayToTheFrontDesk) {
  WorkerPool pool({.threads = 1, .priority = Priority::kIdle, .name = "idle"});
  int policy = -1;
  Priority priority = Priority::kNormal;
  pool.submit([&] {
    policy = sched_getscheduler(0);
    priority = threadPriority();
  });
  pool.wait();
  EXPECT_EQ(policy, SCHED_IDLE);
  EXPECT_EQ(priority, Priority::kIdle);
  EXPECT_EQ(threadPriority(), Priority::kNormal);
  EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER) << "the caller's own thread is left alone";
}

TEST(ParallelFor, VisitsEachOnceWhateverTheNumberOfThreads) {
  for (const std::size_t threads : {0U, 1U, 3U, 64U}) {
    std::vector<std::atomic<int>> visits(100);
    parallelFor(visits.size(), threads, Priority::kNormal, [&](std::size_t i) { ++visits[i]; });
    for (const auto& count : visits) EXPECT_EQ(count, 1);
  }
  parallelFor(0, 4, Priority::kNormal, [](std::size_t) { FAIL() << "nothing to visit"; });
}

TEST(ParallelFor, RethrowsAndStops) {
  std::atomic<int> visited{0};
  EXPECT_THROW(parallelFor(1'000'000, 2, Priority::kNormal,
                           [&](std::size_t) {
                             ++visited;
                             throw Error(ErrorCode::kIo, "x");
                           }),
               Error);
  EXPECT_LE(visited, 2);
}

TEST(CpuCount, IsAtLeastOne) {
  EXPECT_GE(cpuCount(), 1U);
}

}  // namespace
}  // namespace enamel
