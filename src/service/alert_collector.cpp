#include "service/alert_collector.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/printable.h"
#include "service/health_facts.h"
#include "service/run_options.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kHourNs = 3600LL * 1'000'000'000;
constexpr std::size_t kBackupsMax = 120;  // four weeks of four a day
constexpr std::size_t kMissingMax = 1000;
// A finding moves the log's head, so that the next look finds nothing any more; people are told for so long.
constexpr std::int64_t kFindingNs = 30LL * 24 * kHourNs;

bool isDue(const std::optional<Timestamp>& last, std::int64_t every_ns, Timestamp now) {
  return !last || now.ns - last->ns >= every_ns || now < *last;
}

}  // namespace

AlertCollector::AlertCollector(const Runs& runs, AlertStore& store, const AuditLog& audit,
                               Administrator administrator, UserSource users, const Clock& clock)
    : runs_(runs),
      store_(store),
      audit_(audit),
      administrator_(std::move(administrator)),
      users_(std::move(users)),
      clock_(clock),
      probe_(clock) {}

AlertFacts AlertCollector::collect(const Config& config) {
  const Timestamp now = clock_.now();
  AlertFacts facts;
  facts.health = healthFacts(config, runs_, now);
  facts.can_back_up = missingForBackup(config).empty();
  if (!config.repository.path.empty()) {
    facts.watched_since = store_.watchedSince(config.repository.path, now);
    facts.destination = probe_.look(config.repository.path);
  }
  facts.incomplete = missingFrom(facts.health.last_backup);
  facts.backups = figures(config);
  facts.administrator_is_set = administrator_.isSet();
  askForUsers(config, now);
  facts.without_password = without_password_;
  verifyAudit(now);
  facts.audit_finding = audit_finding_;
  return facts;
}

std::vector<BackupFigures> AlertCollector::figures(const Config& config) {
  const RunFilter filter{.kind = RunKind::kBackup,
                         .state = {},
                         .repository = config.repository.path,
                         .options = formatRunOptions(RunKind::kBackup, {})};
  std::map<std::int64_t, std::optional<BackupFigures>> known;
  std::vector<BackupFigures> newest_first;
  for (const Run& run : runs_.page(filter, kBackupsMax)) {
    if (!ended(run.state)) continue;
    const auto found = figures_.find(run.id);
    auto figures = found != figures_.end() ? found->second : figuresOf(run, runs_.result(run.id));
    if (figures) newest_first.push_back(*figures);
    known.emplace(run.id, std::move(figures));
  }
  figures_ = std::move(known);
  return newest_first;
}

std::vector<std::string> AlertCollector::missingFrom(const std::optional<Run>& run) const {
  std::vector<std::string> missing;
  if (!run || run->state != RunState::kIncomplete) return missing;
  const auto result = nlohmann::json::parse(runs_.result(run->id), nullptr, false);
  if (!result.is_object() || !result.contains("errors") || !result["errors"].is_array()) return missing;
  for (const auto& error : result["errors"]) {
    if (missing.size() == kMissingMax) break;
    if (!error.is_object() || !error.contains("path") || !error["path"].is_string() ||
        !error.contains("what") || !error["what"].is_string())
      continue;
    missing.push_back(error["path"].get<std::string>() + ": " + error["what"].get<std::string>());
  }
  return missing;
}

void AlertCollector::askForUsers(const Config& config, Timestamp now) {
  const bool other = config.database.url != users_asked_of_;
  if (other) without_password_.reset();
  if (config.database.url.empty() || (!other && !isDue(users_asked_, kHourNs, now))) return;
  users_asked_ = now;
  users_asked_of_ = config.database.url;
  try {
    std::vector<std::string> names;
    for (const opendental::User* user : users_().administratorsWithoutPassword())
      names.push_back(printable(user->name));
    without_password_ = std::move(names);
  } catch (const Error&) {
    // A database that is down says nothing of its users; backups will say that it is down.
    without_password_.reset();
  }
}

void AlertCollector::verifyAudit(Timestamp now) {
  if (!isDue(audit_verified_, 24 * kHourNs, now)) return;
  audit_verified_ = now;
  const AuditVerdict verdict = audit_.verify();
  audit_finding_.clear();
  if (verdict.finding) {
    audit_finding_ = verdict.finding->what + " (entry " + std::to_string(verdict.finding->sequence) + ")";
    return;
  }
  const AuditFilter filter{
      .user = {}, .action = "audit.verify", .from = Timestamp{now.ns - kFindingNs}, .to = {}};
  for (const AuditEntry& entry : audit_.page(filter, 1))
    audit_finding_ = "Found on " + formatRfc3339(entry.time).substr(0, 10) + ": " + entry.details;
}

}  // namespace enamel::service
