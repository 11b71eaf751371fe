#include "service/alert_watch.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/threads.h"
#include "service/alert_conditions.h"

namespace enamel::service {

AlertWatch::AlertWatch(AlertStore& store, const Settings& settings, Facts facts, Looked looked, Log log,
                       const TimeZone& zone)
    : store_(store),
      settings_(settings),
      facts_(std::move(facts)),
      looked_(std::move(looked)),
      log_(std::move(log)),
      zone_(zone) {}

AlertWatch::~AlertWatch() {
  stop();
}

void AlertWatch::start() {
  thread_ = startThread([this] {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      woken_ = false;
      lock.unlock();
      look();
      lock.lock();
      wake_.wait_for(lock, kEvery, [this] { return stopping_ || woken_; });
    }
  });
}

void AlertWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void AlertWatch::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void AlertWatch::look() {
  const std::lock_guard one(looking_);
  try {
    const auto config = settings_.current();
    const auto facts = std::make_shared<const AlertFacts>(facts_(*config));
    {
      const std::lock_guard lock(mutex_);
      seen_ = facts;
    }
    looked_(store_.update(findAlerts(*config, zone_, *facts), facts->health.now));
  } catch (const std::exception& error) {
    log_(std::string("alerts: ") + error.what());
  }
}

std::shared_ptr<const AlertFacts> AlertWatch::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace enamel::service
