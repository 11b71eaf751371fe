#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "service/alert.h"
#include "service/sqlite.h"

namespace enamel::service {

// What somebody is told of an alert.
enum class AlertNews { kBegins, kLasts, kEnds };
// "begins", "lasts", "ends".
std::string_view name(AlertNews news);

struct DueNews {
  Alert alert;
  AlertNews news = AlertNews::kBegins;
};

// Alerts as they come and go, in the state: they outlive the process. One condition is one alert, however
// often it is seen; one that comes back within an hour goes on as the one it was. Changes are durable when
// functions return. Thread-safe. Throws what Database throws.
class AlertStore {
 public:
  static constexpr std::size_t kPageMax = 500;
  static constexpr std::int64_t kHourNs = 3600LL * 1'000'000'000;
  static constexpr std::int64_t kComesBackNs = kHourNs;
  static constexpr std::int64_t kRepeatNs = 24 * kHourNs;
  static constexpr std::int64_t kEndToldForNs = 24 * kHourNs;
  static constexpr std::int64_t kKeptNs = 400LL * 24 * kHourNs;

  // REQUIRES: migrated; database outlives it.
  explicit AlertStore(Database& database) : database_(database) {}

  // When update() or this was first called for that repository.
  Timestamp watchedSince(const std::string& repository, Timestamp now);

  // Begins, goes on with and ends alerts, so that those that last are just the findings. Gives those that are
  // new, have other words, or are over. Forgets what was over kKeptNs ago.
  std::vector<Alert> update(const AlertFindings& findings, Timestamp now);

  // Worst first, then oldest first.
  std::vector<Alert> active() const;
  // Newest first, at most `limit` (and kPageMax) with an id below `before`. ended: only those that are over,
  // or that are not.
  std::vector<Alert> page(std::optional<bool> ended, std::size_t limit,
                          std::optional<std::int64_t> before = {}) const;
  std::optional<Alert> find(std::int64_t id) const;

  // Until then nobody is told that it lasts; that it is over they are. A moment that is past takes that back.
  // nullopt if there is no such alert.
  std::optional<Alert> mute(std::int64_t id, Timestamp until);

  // What those who listen to a channel should be told now: once when an alert begins (of one that came back:
  // not within an hour of the last word about it), again every 24 hours while a critical one lasts, and once
  // when one that they were told of is over, unless that is a day ago.
  std::vector<DueNews> due(const std::string& channel, Timestamp now) const;
  // They were told, or (error is not empty) were not. Gives the alerts as they are then.
  std::vector<Alert> recordTelling(const std::string& channel, const std::vector<DueNews>& news,
                                   Timestamp now, const std::string& error);

 private:
  std::vector<Alert> select(const std::string& rest, std::initializer_list<Value> values) const;
  bool goOn(const AlertCondition& condition, Timestamp now);

  Database& database_;
};

}  // namespace enamel::service
