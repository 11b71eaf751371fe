#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/cancel.h"
#include "base/time.h"
#include "service/alert_channels.h"
#include "service/alert_store.h"
#include "service/settings.h"

namespace enamel::service {

// Tells people of alerts, and calls the ping address after backups, in a thread of its own: nobody waits for
// a mail server but it. What is to be told stands in the AlertStore, so nothing piles up while a channel is
// down and nothing is lost by a restart; everything that is due goes out in one message a channel. A channel
// that failed is tried again when it is next woken, after 1, 2, 4, 8 and then each 15 minutes. Thread-safe.
class AlertTeller {
 public:
  // How messages leave; see alert_channels.h for what they throw.
  struct Ways {
    std::function<std::vector<std::string>(const std::string& channel, const Config&,
                                           const std::vector<DueNews>&, Timestamp now, const CancelToken&)>
        deliver;
    std::function<void(const Config&, PingOutcome, const CancelToken&)> ping;
  };
  // One line for what could not be told, once until it can again. No secrets.
  using Log = std::function<void(std::string_view)>;
  // Alerts with something new in `told`.
  using Told = std::function<void(const std::vector<Alert>&)>;

  struct Count {
    std::uint64_t delivered = 0, failed = 0;
  };

  // All outlive it.
  AlertTeller(AlertStore& store, const Settings& settings, Ways ways, Log log, Told told,
              const Clock& clock = Clock::system());
  ~AlertTeller();  // stop()
  AlertTeller(const AlertTeller&) = delete;
  AlertTeller& operator=(const AlertTeller&) = delete;

  void start();
  // Breaks off what is being sent; at once.
  void stop();

  // Something may be due.
  void wake();
  // A backup ended; only the newest outcome is called. Wakes.
  void pingLater(PingOutcome outcome);

  // Tells what is due, once: for the thread, and for tests.
  void tell();

  // Sends a message that says it is a test, or calls the ping address, now and in the caller's thread. Gives
  // what deliver() gives; throws what it throws, and kExists while another test is under way.
  std::vector<std::string> test(const std::string& channel);

  // By channel, since the start.
  std::map<std::string, Count> counts() const;

 private:
  struct Backoff {
    int failures = 0;
    Timestamp last;
  };
  bool waits(const std::string& channel, Timestamp now) const;
  void tellBy(const std::string& channel, const Config& config);
  void callPing(const Config& config);
  void succeeded(const std::string& channel);
  void failed(const std::string& channel, const Error& error, Timestamp now);

  AlertStore& store_;
  const Settings& settings_;
  const Ways ways_;
  const Log log_;
  const Told told_;
  const Clock& clock_;
  CancelToken cancel_;

  std::mutex telling_;                       // held for a whole tell()
  std::map<std::string, Backoff> backoffs_;  // guarded by telling_
  std::mutex testing_;                       // held for a whole test()

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = false, stopping_ = false;  // these four: guarded by mutex_
  std::optional<PingOutcome> ping_;
  std::map<std::string, Count> counts_;
  std::thread thread_;
};

}  // namespace enamel::service
