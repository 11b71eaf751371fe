// The overview, and /healthz.

#include <nlohmann/json.hpp>

#include "http/problem.h"
#include "service/alert_json.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/health_facts.h"
#include "service/missed_day.h"

namespace enamel::service {
namespace {

using http::Request;
using http::Response;
using nlohmann::ordered_json;

constexpr int kDaysDefault = 30;

HealthFacts factsOf(const ApiParts& parts) {
  return healthFacts(*parts.settings.current(), parts.runs, parts.clock.now());
}

ordered_json runOrNull(const std::optional<Run>& run) {
  return run ? runJson(*run) : ordered_json(nullptr);
}

ordered_json daysJson(const ApiParts& parts, int count) {
  const Timestamp now = parts.clock.now();
  const auto today = parts.zone.toLocal(now).day();
  const auto oldest = parts.runs.oldest();
  const Timestamp since = oldest ? oldest->queued : now;
  const Schedule schedule = parts.settings.current()->schedule;
  const std::vector<RunDay> days = parts.runs.days(today - std::chrono::days(count - 1), count, parts.zone);
  ordered_json array = ordered_json::array();
  for (std::size_t i = 0; i < days.size(); ++i) {
    const RunDay& day = days[i];
    const RunDay* const next = i + 1 < days.size() ? &days[i + 1] : nullptr;
    ordered_json runs = ordered_json::array();
    for (const Run& run : day.runs)
      runs.push_back({{"id", run.id}, {"kind", name(run.request.kind)}, {"state", name(run.state)}});
    array.push_back({{"day", dayJson(day.day)},
                     {"missed", isMissed(day, next, schedule, parts.zone, since, now)},
                     {"runs", runs}});
  }
  return array;
}

ordered_json numberOrNull(const auto& number) {
  return number ? ordered_json(*number) : ordered_json(nullptr);
}

ordered_json destinationJson(const ApiParts& parts) {
  const auto seen = parts.watch.seen();
  const bool looked = seen && seen->destination;
  const DestinationFacts place = looked ? *seen->destination : DestinationFacts();
  return {{"free", numberOrNull(place.free_bytes)},
          {"total", numberOrNull(place.total_bytes)},
          {"checked", looked ? ordered_json(formatRfc3339(place.checked)) : ordered_json(nullptr)},
          {"full_in_days",
           looked ? numberOrNull(forecast(seen->backups, place).full_in_days) : ordered_json(nullptr)}};
}

Response overview(const ApiParts& parts, const Request& request) {
  const auto days = static_cast<int>(numberOf(request, "days", 1, Runs::kDaysMax).value_or(kDaysDefault));
  const HealthFacts facts = factsOf(parts);
  const Health health = healthOf(*parts.settings.current(), parts.zone, facts);
  ordered_json active = ordered_json::array();
  for (const Run& run : parts.queue.active()) active.push_back(runJson(run));
  ordered_json alerts = ordered_json::array();
  for (const Alert& alert : parts.alerts.active()) alerts.push_back(alertJson(alert));
  return jsonResponse({{"practice", parts.settings.current()->practice.name},
                       {"time_zone", TimeZone::machineName()},
                       {"now", formatRfc3339(facts.now)},
                       {"health",
                        {{"state", name(health.state)},
                         {"code", health.code},
                         {"safe_as_of", timeJson(health.safe_as_of)},
                         {"proven_at", timeJson(health.proven_at)}}},
                       {"last_good_backup", runOrNull(facts.last_good_backup)},
                       {"last_backup", runOrNull(facts.last_backup)},
                       {"last_drill", runOrNull(facts.last_drill)},
                       {"next_backup", timeJson(parts.scheduler.nextBackup())},
                       {"next_drill", timeJson(parts.scheduler.nextDrill())},
                       {"active", active},
                       {"alerts", alerts},
                       {"destination", destinationJson(parts)},
                       {"days", daysJson(parts, days)}});
}

}  // namespace

void addOverviewRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/overview", [parts](const Request& request) { return overview(parts, request); });
  // Nothing of the practice: whoever reaches the port may ask.
  router.get("/healthz", [](const Request&) { return jsonResponse({{"status", "ok"}}); });
}

}  // namespace enamel::service
