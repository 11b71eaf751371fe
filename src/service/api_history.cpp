// How far back one can go, and what the backups take up, over time.

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "http/problem.h"
#include "repository/retention.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/retention_config.h"

namespace enamel::service {
namespace {

using http::Request;
using http::Response;
using nlohmann::ordered_json;

constexpr std::int64_t kKeepMax = 100'000;
constexpr int kSizeDaysDefault = 90;
constexpr int kSizeDaysMax = 3660;

std::chrono::sys_days dayOf(const ApiParts& parts, Timestamp time) {
  return parts.zone.toLocal(time).day();
}

// As in the section [retention]; what the query does not name is as it is configured.
repository::KeepPolicy policyIn(const ApiParts& parts, const Request& request) {
  Config::Retention retention = parts.settings.current()->retention;
  const auto take = [&](const char* name, std::uint32_t& member) {
    if (const auto n = numberOf(request, name, 0, kKeepMax)) member = static_cast<std::uint32_t>(*n);
  };
  take("keep_last", retention.keep_last);
  take("keep_hourly", retention.keep_hourly);
  take("keep_daily", retention.keep_daily);
  take("keep_weekly", retention.keep_weekly);
  take("keep_monthly", retention.keep_monthly);
  take("keep_yearly", retention.keep_yearly);
  return policyOf(retention);
}

// What `forget` would do now, without doing it; with no rule at all it keeps everything, as a configuration
// without rules does.
Response retentionPreview(const ApiParts& parts, const Request& request) {
  const repository::KeepPolicy policy = policyIn(parts, request);
  const Timestamp now = parts.clock.now();
  ordered_json kept = ordered_json::array(), removed = ordered_json::array(), days = ordered_json::array();
  std::set<std::chrono::sys_days> reachable;
  SnapshotList list = parts.repository.snapshots();
  for (auto& group : repository::groupSnapshots(std::move(list.snapshots))) {
    std::vector<repository::Verdict> verdicts;
    if (policy.empty()) {
      for (repository::Snapshot& snapshot : group)
        verdicts.push_back({std::move(snapshot), {"no rule removes any"}});
    } else {
      verdicts = repository::applyPolicy(std::move(group), policy, now);
    }
    for (const repository::Verdict& verdict : verdicts) {
      const repository::Snapshot& snapshot = verdict.snapshot;
      ordered_json object = {{"snapshot", snapshot.id.hex()}, {"time", formatRfc3339(snapshot.time)}};
      if (!verdict.keep()) {
        removed.push_back(std::move(object));
        continue;
      }
      object["reasons"] = verdict.reasons;
      kept.push_back(std::move(object));
      if (!snapshot.hasTag(repository::kIncompleteTag)) reachable.insert(dayOf(parts, snapshot.time));
    }
  }
  for (const std::chrono::sys_days day : reachable) days.push_back(dayJson(day));
  return jsonResponse({{"kept", kept}, {"removed", removed}, {"days", days}, {"damaged", list.damaged}});
}

struct DaySizes {
  std::uint64_t backups = 0, data_bytes = 0, added_bytes = 0, stored_bytes = 0;
};

// A day for each that has a backup. What backups of restic's older versions added is in none of their files.
Response sizes(const ApiParts& parts, const Request& request) {
  const auto count = static_cast<int>(numberOf(request, "days", 1, kSizeDaysMax).value_or(kSizeDaysDefault));
  const std::chrono::sys_days first = dayOf(parts, parts.clock.now()) - std::chrono::days(count - 1);
  std::map<std::chrono::sys_days, DaySizes> days;
  for (const repository::Snapshot& snapshot : parts.repository.snapshots().snapshots) {  // newest first
    if (!snapshot.summary) continue;
    const std::chrono::sys_days day = dayOf(parts, snapshot.time);
    if (day < first) continue;
    DaySizes& sizes = days[day];
    if (sizes.backups++ == 0) sizes.data_bytes = snapshot.summary->total_bytes_processed;
    sizes.added_bytes += snapshot.summary->data_added;
    sizes.stored_bytes += snapshot.summary->data_added_packed;
  }
  ordered_json array = ordered_json::array();
  for (const auto& [day, sizes] : days)
    array.push_back({{"day", dayJson(day)},
                     {"backups", sizes.backups},
                     {"data_bytes", sizes.data_bytes},
                     {"added_bytes", sizes.added_bytes},
                     {"stored_bytes", sizes.stored_bytes}});
  return jsonResponse({{"days", array}});
}

}  // namespace

void addHistoryRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/retention/preview",
             [parts](const Request& request) { return retentionPreview(parts, request); });
  router.get("/api/v1/history/sizes", [parts](const Request& request) { return sizes(parts, request); });
}

}  // namespace enamel::service
