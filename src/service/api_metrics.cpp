// What watches over the service from outside asks: /metrics. Nothing in it names patients, users or files.

#include <optional>
#include <set>
#include <string>

#include "service/api.h"
#include "service/health_facts.h"
#include "service/metrics_text.h"

namespace enamel::service {
namespace {

using http::Request;
using http::Response;

double secondsOf(const std::optional<Timestamp>& time) {
  constexpr double kNsPerSecond = 1e9;
  return time ? static_cast<double>(time->ns) / kNsPerSecond : 0;
}

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

void addHealth(MetricsText& text, const ApiParts& parts) {
  const auto config = parts.settings.current();
  const HealthFacts facts = healthFacts(*config, parts.runs, parts.clock.now());
  const Health health = healthOf(*config, parts.zone, facts);
  text.gauge("enamel_safe", "1 if the newest backups are complete, in time and proven",
             health.state == HealthState::kSafe ? 1 : 0);
  text.gauge("enamel_last_good_backup_timestamp_seconds", "begin of the newest complete backup; 0: none",
             secondsOf(health.safe_as_of));
  text.gauge("enamel_last_passed_drill_timestamp_seconds",
             "end of the newest drill if it passed; 0: none, or it did not", secondsOf(health.proven_at));
  text.gauge("enamel_next_backup_timestamp_seconds", "when the next backup is due; 0: never",
             secondsOf(parts.scheduler.nextBackup()));
}

void addAlerts(MetricsText& text, const ApiParts& parts) {
  std::set<std::string> active;
  for (const Alert& alert : parts.alerts.active()) active.insert(alert.code);
  text.family("enamel_alert_active", "gauge", "1 while the alert of that code lasts");
  for (const std::string_view code : kAlertCodes)
    text.sample(active.count(std::string(code)) != 0 ? 1 : 0, {{"code", code}});
  const auto counts = parts.teller.counts();
  text.family("enamel_alert_messages_total", "counter",
              "messages by channel and outcome since the service began");
  for (const auto& [channel, count] : counts) {
    text.sample(number(count.delivered), {{"channel", channel}, {"outcome", "delivered"}});
    text.sample(number(count.failed), {{"channel", channel}, {"outcome", "failed"}});
  }
}

void addRuns(MetricsText& text, const ApiParts& parts) {
  std::size_t running = 0, queued = 0;
  for (const Run& run : parts.queue.active()) ++(run.state == RunState::kRunning ? running : queued);
  text.gauge("enamel_runs_running", "runs at work", number(running));
  text.gauge("enamel_runs_queued", "runs that wait", number(queued));
  text.family("enamel_runs_total", "counter", "runs in the history that ended, by kind and state");
  for (const RunCount& count : parts.runs.counts())
    text.sample(number(count.runs), {{"kind", name(count.kind)}, {"state", name(count.state)}});
}

void addNewestBackup(MetricsText& text, const BackupFigures& backup) {
  text.gauge("enamel_backup_complete", "1 if nothing is missing from the newest backup",
             backup.complete ? 1 : 0);
  text.gauge("enamel_backup_timestamp_seconds", "begin of the newest backup", secondsOf(backup.begin));
  text.gauge("enamel_backup_duration_seconds", "how long the newest backup took", backup.seconds);
  text.gauge("enamel_backup_office_paused_seconds", "how long the newest backup kept the office waiting",
             backup.lock_seconds);
  text.gauge("enamel_backup_files", "files in the newest backup", number(backup.files));
  text.gauge("enamel_backup_data_bytes", "bytes in the newest backup", number(backup.data_bytes));
  text.gauge("enamel_backup_added_bytes", "new bytes of the newest backup, before compression",
             number(backup.added_bytes));
  text.gauge("enamel_backup_stored_bytes", "bytes that the newest backup added to the repository",
             number(backup.stored_bytes));
}

void addDestination(MetricsText& text, const AlertFacts& seen) {
  if (!seen.destination) return;
  const DestinationFacts& place = *seen.destination;
  text.gauge("enamel_destination_up", "1 if the repository was found where it should be",
             place.problem.empty() ? 1 : 0);
  text.gauge("enamel_destination_checked_timestamp_seconds", "when that was looked at",
             secondsOf(place.checked));
  if (place.free_bytes)
    text.gauge("enamel_destination_free_bytes", "free space there", number(*place.free_bytes));
  if (place.total_bytes)
    text.gauge("enamel_destination_size_bytes", "all space there", number(*place.total_bytes));
  if (place.snapshots)
    text.gauge("enamel_repository_snapshots", "backups in the repository", number(*place.snapshots));
  if (const auto days = forecast(seen.backups, seen.destination).full_in_days)
    text.gauge("enamel_destination_full_in_days", "how long the space lasts as backups of late fill it",
               static_cast<double>(*days));
}

Response metrics(const ApiParts& parts) {
  MetricsText text;
  addHealth(text, parts);
  addAlerts(text, parts);
  addRuns(text, parts);
  if (const auto seen = parts.watch.seen()) {
    if (!seen->backups.empty()) addNewestBackup(text, seen->backups.front());
    addDestination(text, *seen);
    text.gauge("enamel_audit_log_whole", "1 if nothing was found wrong with the audit log",
               seen->audit_finding.empty() ? 1 : 0);
  }
  text.gauge("enamel_event_streams", "open pages", number(parts.events.subscribers()));
  Response response = Response::text(text.text());
  response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

}  // namespace

void addMetricsRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/metrics", [parts](const Request&) { return metrics(parts); });
}

}  // namespace enamel::service
