// The overview, and what watches over the service: /healthz, /metrics.

#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "http/problem.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/health.h"
#include "service/missed_day.h"
#include "service/run_options.h"

namespace enamel::service {
namespace {

using http::Request;
using http::Response;
using nlohmann::ordered_json;

constexpr int kDaysDefault = 30;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

constexpr std::size_t kLook = 50;  // runs looked at for the newest of a kind

bool cameToAnEnd(const Run& run) {
  return run.state == RunState::kDone || run.state == RunState::kIncomplete || run.state == RunState::kFailed;
}

// One that could not be made, for want of space say, says nothing of what it was to look at.
bool cameToAVerdict(const Run& run) {
  return run.state == RunState::kDone || (run.state == RunState::kFailed && run.error &&
                                          run.error->code == errorName(ErrorCode::kVerifyFailed));
}

// A drill of a backup without tables proves nothing of a practice that has some.
bool isProof(const ApiParts& parts, const Run& drill) {
  if (!cameToAVerdict(drill)) return false;
  if (drill.state == RunState::kFailed || parts.settings.current()->database.url.empty()) return true;
  const auto report = nlohmann::json::parse(parts.runs.result(drill.id), nullptr, false);
  return report.is_object() && report.value("tables", std::uint64_t{0}) > 0;
}

std::optional<Run> newest(const ApiParts& parts, RunKind kind, const std::optional<std::string>& options,
                          const std::function<bool(const Run&)>& counts) {
  const RunFilter filter{
      .kind = kind, .state = {}, .repository = parts.settings.current()->repository.path, .options = options};
  for (const Run& run : parts.runs.page(filter, kLook))
    if (counts(run)) return run;
  return std::nullopt;
}

HealthFacts factsOf(const ApiParts& parts) {
  const std::string all = formatRunOptions(RunKind::kBackup, {});
  return {
      .last_good_backup = parts.runs.lastGoodBackup(parts.settings.current()->repository.path, all),
      .last_backup = newest(parts, RunKind::kBackup, all, cameToAnEnd),
      .last_drill = newest(parts, RunKind::kDrill, {}, [&](const Run& run) { return isProof(parts, run); }),
      .last_check = newest(parts, RunKind::kCheck, {}, cameToAVerdict),
      .now = parts.clock.now()};
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

Response overview(const ApiParts& parts, const Request& request) {
  const auto days = static_cast<int>(numberOf(request, "days", 1, Runs::kDaysMax).value_or(kDaysDefault));
  const HealthFacts facts = factsOf(parts);
  const Health health = healthOf(*parts.settings.current(), parts.zone, facts);
  ordered_json active = ordered_json::array();
  for (const Run& run : parts.queue.active()) active.push_back(runJson(run));
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
                       {"days", daysJson(parts, days)}});
}

void addGauge(std::string& text, const char* name, const char* help, double value) {
  text += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
}

double secondsOf(const std::optional<Timestamp>& time) {
  return time ? static_cast<double>(time->ns) / static_cast<double>(kNsPerSecond) : 0;
}

// Prometheus' text format, version 0.0.4.
Response metrics(const ApiParts& parts) {
  const HealthFacts facts = factsOf(parts);
  const Health health = healthOf(*parts.settings.current(), parts.zone, facts);
  std::size_t running = 0, queued = 0;
  for (const Run& run : parts.queue.active()) ++(run.state == RunState::kRunning ? running : queued);
  std::string text;
  addGauge(text, "enamel_safe", "1 if the newest backups are complete, in time and proven",
           health.state == HealthState::kSafe ? 1 : 0);
  addGauge(text, "enamel_last_good_backup_timestamp_seconds", "begin of the newest complete backup; 0: none",
           secondsOf(health.safe_as_of));
  addGauge(text, "enamel_last_passed_drill_timestamp_seconds",
           "end of the newest drill if it passed; 0: none, or it did not", secondsOf(health.proven_at));
  addGauge(text, "enamel_next_backup_timestamp_seconds", "when the next backup is due; 0: never",
           secondsOf(parts.scheduler.nextBackup()));
  addGauge(text, "enamel_runs_running", "runs at work", static_cast<double>(running));
  addGauge(text, "enamel_runs_queued", "runs that wait", static_cast<double>(queued));
  addGauge(text, "enamel_event_streams", "open pages", static_cast<double>(parts.events.subscribers()));
  Response response = Response::text(std::move(text));
  response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace

void addOverviewRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/overview", [parts](const Request& request) { return overview(parts, request); });
  router.get("/metrics", [parts](const Request&) { return metrics(parts); });
  // Nothing of the practice: whoever reaches the port may ask.
  router.get("/healthz", [](const Request&) { return jsonResponse({{"status", "ok"}}); });
}

}  // namespace enamel::service
