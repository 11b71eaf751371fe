#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace enamel {

// Counters of one running job: written by its threads, read by whoever shows it (terminal, --json, page).
// All members are thread-safe; reading while the job runs gives a recent state.
class Progress {
 public:
  std::atomic<std::uint64_t> bytes_done{0};
  std::atomic<std::uint64_t> bytes_total{0};  // 0: not known
  std::atomic<std::uint64_t> files_done{0};
  std::atomic<std::uint64_t> files_total{0};  // 0: not known
  std::atomic<std::uint64_t> tables_done{0};
  std::atomic<std::uint64_t> tables_total{0};

  // What the job is doing, in words for people: "reading images". The counters go on from phase to phase.
  void setPhase(std::string_view phase) {
    const std::lock_guard lock(mutex_);
    phase_ = phase;
  }
  std::string phase() const {
    const std::lock_guard lock(mutex_);
    return phase_;
  }
  // The thing at hand, a path or table name, for display only.
  void setCurrent(std::string_view item) {
    const std::lock_guard lock(mutex_);
    current_ = item;
  }
  std::string current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }

 private:
  mutable std::mutex mutex_;
  std::string phase_;
  std::string current_;
};

}  // namespace enamel
