#include "service/alert_store.h"

#include <algorithm>

#include "base/error.h"

namespace enamel::service {
namespace {

constexpr const char* kColumns =
    "SELECT id, code, severity, title, detail, advice, run, since_ns, last_seen_ns, ended_ns, muted_until_ns "
    "FROM "
    "alerts ";

std::optional<Timestamp> timeIfAny(const Row& row, int column) {
  const auto ns = row.integerIfAny(column);
  return ns ? std::optional(Timestamp{*ns}) : std::nullopt;
}

Alert alertOf(const Row& row) {
  Alert alert;
  alert.id = row.integer(0);
  alert.code = row.text(1);
  const auto severity = alertSeverityOf(row.text(2));
  if (!severity)
    throw Error(ErrorCode::kCorrupt,
                "alert " + std::to_string(alert.id) + " of the state is of an unknown kind");
  alert.severity = *severity;
  alert.title = row.text(3);
  alert.detail = row.text(4);
  alert.advice = row.text(5);
  alert.run = row.integerIfAny(6);
  alert.since.ns = row.integer(7);
  alert.last_seen.ns = row.integer(8);
  alert.ended = timeIfAny(row, 9);
  alert.muted_until = timeIfAny(row, 10);
  return alert;
}

// What those who listen to a channel know of one alert.
struct Known {
  std::optional<Timestamp> delivered;
  bool believed = false;
};

// A time ahead is a wrong clock's, and keeps nothing back for ever.
bool isOver(Timestamp time, std::int64_t wait_ns, Timestamp now) {
  const std::int64_t age_ns = now.ns - time.ns;
  return age_ns >= wait_ns || -age_ns > wait_ns;
}

std::optional<AlertNews> newsOf(const Alert& alert, const Known& known, Timestamp now) {
  if (alert.ended) {
    if (known.believed && now.ns - alert.ended->ns < AlertStore::kEndToldForNs) return AlertNews::kEnds;
    return std::nullopt;
  }
  if (alert.muted_until && now < *alert.muted_until) return std::nullopt;
  if (!known.believed) {
    if (!known.delivered || isOver(*known.delivered, AlertStore::kComesBackNs, now))
      return AlertNews::kBegins;
    return std::nullopt;
  }
  if (alert.severity == AlertSeverity::kCritical && known.delivered &&
      isOver(*known.delivered, AlertStore::kRepeatNs, now))
    return AlertNews::kLasts;
  return std::nullopt;
}

}  // namespace

std::string_view name(AlertNews news) {
  switch (news) {
    case AlertNews::kBegins:
      return "begins";
    case AlertNews::kLasts:
      return "lasts";
    case AlertNews::kEnds:
      break;
  }
  return "ends";
}

Timestamp AlertStore::watchedSince(const std::string& repository, Timestamp now) {
  const auto since = database_.integer("SELECT since_ns FROM watched WHERE repository = ?", {repository});
  // One from the future is a wrong clock's.
  if (since && *since <= now.ns) return {*since};
  database_.execute(
      "INSERT INTO watched (repository, since_ns) VALUES (?, ?) ON CONFLICT (repository) DO UPDATE SET "
      "since_ns = "
      "excluded.since_ns",
      {repository, now.ns});
  return now;
}

// True if it is not what it was. REQUIRES: a transaction is open.
bool AlertStore::goOn(const AlertCondition& condition, Timestamp now) {
  const std::int64_t reopened_since = now.ns - kComesBackNs;
  std::optional<Alert> known;
  for (Alert& alert : select("WHERE code = ? AND (ended_ns IS NULL OR ended_ns > ?) ORDER BY id DESC LIMIT 1",
                             {condition.code, reopened_since}))
    known = std::move(alert);
  const Value run = valueOrNull(condition.run);
  const std::string severity(name(condition.severity));
  if (!known) {
    database_.execute(
        "INSERT INTO alerts (code, severity, title, detail, advice, run, since_ns, last_seen_ns) VALUES (?, "
        "?, ?, ?, ?, "
        "?, ?, ?)",
        {condition.code, severity, condition.title, condition.detail, condition.advice, run, now.ns, now.ns});
    return true;
  }
  const bool same = !known->ended && static_cast<const AlertCondition&>(*known) == condition;
  database_.execute(
      "UPDATE alerts SET severity = ?, title = ?, detail = ?, advice = ?, run = ?, last_seen_ns = ?, "
      "ended_ns = NULL "
      "WHERE id = ?",
      {severity, condition.title, condition.detail, condition.advice, run, now.ns, known->id});
  return !same;
}

std::vector<Alert> AlertStore::update(const AlertFindings& findings, Timestamp now) {
  std::vector<Alert> changed;
  database_.transaction([&] {
    const auto isFound = [&](const Alert& alert) {
      return findings.unknown.count(alert.code) != 0 ||
             std::any_of(findings.conditions.begin(), findings.conditions.end(),
                         [&](const AlertCondition& condition) { return condition.code == alert.code; });
    };
    for (const Alert& alert : active()) {
      if (isFound(alert)) continue;
      database_.execute("UPDATE alerts SET ended_ns = ? WHERE id = ?", {now.ns, alert.id});
      changed.push_back(find(alert.id).value());
    }
    for (const AlertCondition& condition : findings.conditions) {
      if (!goOn(condition, now)) continue;
      for (Alert& alert : select("WHERE code = ? AND ended_ns IS NULL", {condition.code}))
        changed.push_back(std::move(alert));
    }
    database_.execute("DELETE FROM alerts WHERE ended_ns < ?", {now.ns - kKeptNs});
  });
  return changed;
}

std::vector<Alert> AlertStore::active() const {
  return select("WHERE ended_ns IS NULL ORDER BY severity <> 'critical', since_ns, id", {});
}

std::vector<Alert> AlertStore::page(std::optional<bool> ended, std::size_t limit,
                                    std::optional<std::int64_t> before) const {
  return select(
      "WHERE (?1 IS NULL OR (ended_ns IS NOT NULL) = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT "
      "?3",
      {ended ? Value(std::int64_t{*ended ? 1 : 0}) : Value(), valueOrNull(before),
       static_cast<std::int64_t>(std::min(limit, kPageMax))});
}

std::optional<Alert> AlertStore::find(std::int64_t id) const {
  const std::vector<Alert> alerts = select("WHERE id = ?", {id});
  return alerts.empty() ? std::nullopt : std::optional(alerts.front());
}

std::optional<Alert> AlertStore::mute(std::int64_t id, Timestamp until) {
  database_.execute("UPDATE alerts SET muted_until_ns = ? WHERE id = ?", {until.ns, id});
  return find(id);
}

std::vector<DueNews> AlertStore::due(const std::string& channel, Timestamp now) const {
  std::vector<DueNews> news;
  const std::int64_t ended_after = now.ns - kEndToldForNs;
  for (Alert& alert :
       select("WHERE ended_ns IS NULL OR ended_ns > ? ORDER BY severity <> 'critical', since_ns, id",
              {ended_after})) {
    Known known;
    database_.query("SELECT delivered_ns, believed FROM alert_tellings WHERE alert = ? AND channel = ?",
                    {alert.id, channel}, [&](const Row& row) {
                      known = {.delivered = timeIfAny(row, 0), .believed = row.integer(1) != 0};
                    });
    if (const auto due = newsOf(alert, known, now)) news.push_back({.alert = std::move(alert), .news = *due});
  }
  return news;
}

std::vector<Alert> AlertStore::recordTelling(const std::string& channel, const std::vector<DueNews>& news,
                                             Timestamp now, const std::string& error) {
  std::vector<Alert> alerts;
  database_.transaction([&] {
    for (const DueNews& told : news) {
      if (!find(told.alert.id)) continue;  // forgotten meanwhile
      if (error.empty()) {
        database_.execute(
            "INSERT INTO alert_tellings (alert, channel, tried_ns, error, delivered_ns, believed) VALUES "
            "(?1, ?2, ?3, "
            "'', ?3, ?4) ON CONFLICT (alert, channel) DO UPDATE SET tried_ns = ?3, error = '', delivered_ns "
            "= ?3, "
            "believed = ?4",
            {told.alert.id, channel, now.ns, std::int64_t{told.news == AlertNews::kEnds ? 0 : 1}});
      } else {
        database_.execute(
            "INSERT INTO alert_tellings (alert, channel, tried_ns, error, believed) VALUES (?1, ?2, ?3, ?4, "
            "0) ON "
            "CONFLICT (alert, channel) DO UPDATE SET tried_ns = ?3, error = ?4",
            {told.alert.id, channel, now.ns, error});
      }
      alerts.push_back(find(told.alert.id).value());
    }
  });
  return alerts;
}

std::vector<Alert> AlertStore::select(const std::string& rest, std::initializer_list<Value> values) const {
  std::vector<Alert> alerts;
  database_.query(kColumns + rest, values, [&](const Row& row) { alerts.push_back(alertOf(row)); });
  for (Alert& alert : alerts)
    database_.query(
        "SELECT channel, tried_ns, error FROM alert_tellings WHERE alert = ? ORDER BY channel", {alert.id},
        [&](const Row& row) {
          alert.told.push_back({.channel = row.text(0), .at = {row.integer(1)}, .error = row.text(2)});
        });
  return alerts;
}

}  // namespace enamel::service
