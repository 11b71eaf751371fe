#include "files/task_stack.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace enamel::files {
namespace {

TEST(TaskStack, runsAllThatTasksMake) {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    TaskStack stack;
    std::atomic<int> done{0};
    // A binary tree of depth 10, each node a task.
    std::function<void(int)> grow = [&](int depth) {
      ++done;
      if (depth == 0) return;
      for (int child = 0; child < 2; ++child) stack.push([&grow, depth](std::size_t) { grow(depth - 1); });
    };
    stack.run(threads, Priority::kNormal, [&](std::size_t worker) {
      EXPECT_LT(worker, threads);
      grow(10);
    });
    EXPECT_EQ(done, 2047);
  }
}

TEST(TaskStack, oneThreadGoesDepthFirst) {
  TaskStack stack;
  std::string order;
  stack.run(1, Priority::kNormal, [&](std::size_t) {
    stack.push([&](std::size_t) { order += "c"; });
    stack.push([&](std::size_t) {
      order += "a";
      stack.push([&](std::size_t) { order += "b"; });
    });
  });
  EXPECT_EQ(order, "abc");
}

TEST(TaskStack, helpRunsLeavesUntilTheyAreDone) {
  for (const std::size_t threads : {1U, 4U}) {
    TaskStack stack;
    std::atomic<int> left{0}, sum{0};
    const auto spread = [&](std::size_t worker) {
      for (int i = 0; i < 100; ++i) {
        ++left;
        stack.pushLeaf([&](std::size_t) {
          ++sum;
          --left;
        });
      }
      stack.help(worker, [&] { return left == 0; });
    };
    stack.run(threads, Priority::kNormal, [&](std::size_t worker) {
      for (std::size_t i = 1; i < threads; ++i) stack.push(spread);
      spread(worker);
    });
    EXPECT_EQ(sum, 100 * static_cast<int>(threads));
  }
}

TEST(TaskStack, theFirstFailureEndsEverything) {
  TaskStack stack;
  std::atomic<int> after{0};
  const auto run = [&] {
    // One thread: it has left the tasks alone when the leaf fails.
    stack.run(1, Priority::kNormal, [&](std::size_t worker) {
      for (int i = 0; i < 100; ++i) stack.push([&](std::size_t) { ++after; });
      stack.pushLeaf([](std::size_t) { throw std::runtime_error("leaf failed"); });
      stack.help(worker, [] { return false; });
    });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(after, 0);
}

TEST(TaskStack, aWakeLetsHelpersLookAgain) {
  TaskStack stack;
  std::atomic<bool> ready{false};
  stack.run(2, Priority::kNormal, [&](std::size_t worker) {
    stack.push([&](std::size_t) {
      ready = true;
      stack.wake();
    });
    stack.help(worker, [&] { return ready.load(); });
  });
  EXPECT_TRUE(ready);
}

}  // namespace
}  // namespace enamel::files
