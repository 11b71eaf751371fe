#include "service/alert_teller.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/threads.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kMinuteNs = 60LL * 1'000'000'000;
constexpr std::int64_t kWaitMaxNs = 15 * kMinuteNs;

DueNews testNews(Timestamp now) {
  DueNews news;
  news.alert.code = "test";
  news.alert.severity = AlertSeverity::kWarning;
  news.alert.title = "This is a test of Enamel's alerts";
  news.alert.detail = "Somebody asked for it on Enamel's page. Nothing is wrong.";
  news.alert.advice = "Nothing: who reads this will be told when something is wrong with the backups.";
  news.alert.since = news.alert.last_seen = now;
  return news;
}

}  // namespace

AlertTeller::AlertTeller(AlertStore& store, const Settings& settings, Ways ways, Log log, Told told,
                         const Clock& clock)
    : store_(store),
      settings_(settings),
      ways_(std::move(ways)),
      log_(std::move(log)),
      told_(std::move(told)),
      clock_(clock) {}

AlertTeller::~AlertTeller() {
  stop();
}

void AlertTeller::start() {
  thread_ = startThread([this] {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || woken_; });
      if (stopping_) return;
      woken_ = false;
      lock.unlock();
      tell();
      lock.lock();
    }
  });
}

void AlertTeller::stop() {
  cancel_.cancel();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void AlertTeller::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void AlertTeller::pingLater(PingOutcome outcome) {
  {
    const std::lock_guard lock(mutex_);
    ping_ = outcome;
  }
  wake();
}

void AlertTeller::tell() {
  const std::lock_guard one(telling_);
  const auto config = settings_.current();
  try {
    for (const std::string& channel : channelsOf(*config)) tellBy(channel, *config);
    callPing(*config);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) log_(std::string("alerts: ") + error.what());
  } catch (const std::exception& error) {
    log_(std::string("alerts: ") + error.what());
  }
}

bool AlertTeller::waits(const std::string& channel, Timestamp now) const {
  const auto found = backoffs_.find(channel);
  if (found == backoffs_.end() || found->second.failures == 0) return false;
  const std::int64_t wait_ns = std::min(kMinuteNs << std::min(found->second.failures - 1, 10), kWaitMaxNs);
  const std::int64_t age_ns = now.ns - found->second.last.ns;
  return age_ns >= 0 && age_ns < wait_ns;  // a clock that was set back keeps nothing
}

void AlertTeller::tellBy(const std::string& channel, const Config& config) {
  const Timestamp now = clock_.now();
  if (waits(channel, now)) return;
  const std::vector<DueNews> news = store_.due(channel, now);
  if (news.empty()) return;
  std::string failure;
  try {
    for (const std::string& refused : ways_.deliver(channel, config, news, now, cancel_))
      log_("alerts: " + refused);
    succeeded(channel);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    failed(channel, error, now);
    failure = error.what();
  }
  told_(store_.recordTelling(channel, news, clock_.now(), failure));
}

void AlertTeller::callPing(const Config& config) {
  const Timestamp now = clock_.now();
  std::optional<PingOutcome> outcome;
  {
    const std::lock_guard lock(mutex_);
    outcome = ping_;
    if (!isPingSetUp(config)) ping_.reset();
  }
  if (!outcome || !isPingSetUp(config) || waits(kPingChannel, now)) return;
  try {
    ways_.ping(config, *outcome, cancel_);
    succeeded(kPingChannel);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    failed(kPingChannel, error, now);
    // Not every watching service knows "/fail"; silence tells it the same, later.
    if (*outcome == PingOutcome::kComplete) return;
    backoffs_.erase(kPingChannel);
  }
  const std::lock_guard lock(mutex_);
  if (ping_ == outcome) ping_.reset();
}

void AlertTeller::succeeded(const std::string& channel) {
  if (backoffs_.erase(channel) != 0) log_("alerts: " + channel + " works again");
  const std::lock_guard lock(mutex_);
  ++counts_[channel].delivered;
}

void AlertTeller::failed(const std::string& channel, const Error& error, Timestamp now) {
  Backoff& backoff = backoffs_[channel];
  backoff.last = now;
  if (++backoff.failures == 1)
    log_("alerts: nobody could be told by " + channel + ": " + error.what() +
         (error.hint().empty() ? "" : " (" + error.hint() + ")"));
  const std::lock_guard lock(mutex_);
  ++counts_[channel].failed;
}

std::vector<std::string> AlertTeller::test(const std::string& channel) {
  const std::unique_lock one(testing_, std::try_to_lock);
  if (!one) throw Error(ErrorCode::kExists, "another test is under way", "wait for it to end");
  const auto config = settings_.current();
  const Timestamp now = clock_.now();
  if (channel != kPingChannel) return ways_.deliver(channel, *config, {testNews(now)}, now, cancel_);
  ways_.ping(*config, PingOutcome::kComplete, cancel_);
  return {};
}

std::map<std::string, AlertTeller::Count> AlertTeller::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace enamel::service
