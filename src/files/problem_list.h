#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "files/archiver.h"

namespace enamel::files {

// Problems found by many threads. Thread-safe.
class ProblemList {
 public:
  void add(std::string path, std::string what) {
    const std::lock_guard lock(mutex_);
    problems_.push_back({std::move(path), std::move(what)});
  }

  // All of them, sorted by path; the list is then empty.
  std::vector<Problem> take() {
    const std::lock_guard lock(mutex_);
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const Problem& a, const Problem& b) { return a.path < b.path; });
    return std::exchange(problems_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Problem> problems_;  // guarded by mutex_
};

}  // namespace enamel::files
