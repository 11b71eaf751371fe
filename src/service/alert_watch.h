#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

#include "service/alert_facts.h"
#include "service/alert_store.h"
#include "service/settings.h"
#include "service/time_zone.h"

namespace enamel::service {

// Looks whether all is as it should be: at the start, when woken (a run ended, settings changed) and every
// two minutes, in a thread of its own. Thread-safe.
class AlertWatch {
 public:
  using Facts = std::function<AlertFacts(const Config&)>;
  // Alerts that began, have other words, or are over. Called after each look, also with none.
  using Looked = std::function<void(const std::vector<Alert>&)>;
  using Log = std::function<void(std::string_view)>;

  static constexpr std::chrono::minutes kEvery{2};

  // All outlive it. facts: called by one thread at a time.
  AlertWatch(AlertStore& store, const Settings& settings, Facts facts, Looked looked, Log log,
             const TimeZone& zone = TimeZone::machine());
  ~AlertWatch();  // stop()
  AlertWatch(const AlertWatch&) = delete;
  AlertWatch& operator=(const AlertWatch&) = delete;

  void start();
  void stop();
  void wake();

  // Looks once: for the thread, and for tests.
  void look();

  // What the last look saw; nullptr before the first.
  std::shared_ptr<const AlertFacts> seen() const;

 private:
  AlertStore& store_;
  const Settings& settings_;
  const Facts facts_;
  const Looked looked_;
  const Log log_;
  const TimeZone& zone_;

  std::mutex looking_;  // held for a whole look()

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false, stopping_ = false;  // these three: guarded by mutex_
  std::shared_ptr<const AlertFacts> seen_;
  std::thread thread_;
};

}  // namespace enamel::service
