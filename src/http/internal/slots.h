#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace enamel::http {

// Counts things that are limited, in all and for each client. Thread-safe; outlives its slots.
class Slots {
 public:
  Slots(std::size_t all_max, std::size_t each_max) : all_max_(all_max), each_max_(each_max) {}

  // One thing that is counted, until it is destroyed. Empty if there was no room.
  class Slot {
   public:
    Slot() = default;
    Slot(Slots* slots, std::string client) : slots_(slots), client_(std::move(client)) {}
    Slot(Slot&& other) noexcept
        : slots_(std::exchange(other.slots_, nullptr)), client_(std::move(other.client_)) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(slots_, other.slots_);
      std::swap(client_, other.client_);
      return *this;
    }
    ~Slot() {
      if (slots_ != nullptr) slots_->release(client_);
    }
    explicit operator bool() const { return slots_ != nullptr; }

   private:
    Slots* slots_ = nullptr;
    std::string client_;
  };

  Slot take(const std::string& client) {
    const std::lock_guard lock(mutex_);
    if (all_ >= all_max_) return {};
    const auto found = each_.find(client);
    if ((found == each_.end() ? 0 : found->second) >= each_max_) return {};
    ++each_[client];
    ++all_;
    return Slot(this, client);
  }

  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  void release(const std::string& client) {
    const std::lock_guard lock(mutex_);
    --all_;
    const auto found = each_.find(client);
    if (--found->second == 0) each_.erase(found);
  }

  const std::size_t all_max_;
  const std::size_t each_max_;
  mutable std::mutex mutex_;
  std::size_t all_ = 0;                      // guarded by mutex_
  std::map<std::string, std::size_t> each_;  // guarded by mutex_; no count is 0
};

}  // namespace enamel::http
