#include "service/alert_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/printable.h"
#include "service/ransom_signals.h"

namespace enamel::service {
namespace {

constexpr std::int64_t kHourNs = 3600LL * 1'000'000'000;
constexpr std::int64_t kSetUpNs = 24 * kHourNs;
constexpr std::int64_t kNeverDrilledNs = 14LL * 24 * kHourNs;
constexpr std::int64_t kDaysLeftMin = 14;
constexpr std::int64_t kDaysLeftPlenty = 90;
constexpr std::uint64_t kFreePercentMin = 5;
constexpr std::size_t kNamedMax = 3;
constexpr std::size_t kTextBytesMax = 1500;

constexpr auto kWarning = AlertSeverity::kWarning;
constexpr auto kCritical = AlertSeverity::kCritical;

// What comes from outside: on one line, and not endless.
std::string oneLine(const std::string& text) {
  const std::string shown = printable(text);
  if (shown.size() <= kTextBytesMax) return shown;
  std::size_t end = kTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80U) --end;
  return shown.substr(0, end) + " ...";
}

std::string firstOf(const std::vector<std::string>& texts) {
  std::string joined;
  for (std::size_t i = 0; i < std::min(texts.size(), kNamedMax); ++i)
    joined += (joined.empty() ? "" : "; ") + texts[i];
  if (texts.size() > kNamedMax) joined += fmt::format("; and {} more", texts.size() - kNamedMax);
  return oneLine(joined);
}

std::string gigabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

bool wantsSpace(const Run& run) {
  return run.error && run.error->code == errorName(ErrorCode::kNoSpace);
}

class Finder {
 public:
  Finder(const Config& config, const TimeZone& zone, const AlertFacts& facts)
      : config_(config), zone_(zone), facts_(facts), now_(facts.health.now) {}

  AlertFindings run() {
    lookAtBackups();
    lookAtProofs();
    lookAtDestination();
    lookAtPause();
    lookAtPeople();
    if (!facts_.audit_finding.empty())
      add("audit_log_broken", kCritical, "The audit log was changed or is damaged",
          oneLine(facts_.audit_finding),
          "Somebody may have tried to hide what was done, or a disk is failing. Do not restart the service; "
          "let your "
          "technician export the audit log and look at it.");
    for (AlertCondition& signal : ransomSignals(facts_.backups, now_, zone_))
      findings_.conditions.push_back(std::move(signal));
    return std::move(findings_);
  }

 private:
  void add(std::string code, AlertSeverity severity, std::string title, std::string detail,
           std::string advice, std::optional<std::int64_t> run = {}) {
    findings_.conditions.push_back({.code = std::move(code),
                                    .severity = severity,
                                    .title = std::move(title),
                                    .detail = std::move(detail),
                                    .advice = std::move(advice),
                                    .run = run});
  }

  void lookAtBackups() {
    const auto& good = facts_.health.last_good_backup;
    const auto& last = facts_.health.last_backup;
    if (!facts_.can_back_up) return;
    if (!good && now_.ns - facts_.watched_since.ns > kSetUpNs)
      add("no_backup", kCritical, "There is no complete backup yet",
          "Nothing of the practice's data could be brought back if this computer or the server failed now.",
          "Open the page, press \"Back up now\" and see that it ends without an error. If it fails, the "
          "message says "
          "why.");
    if (good && isBackupOverdue(config_, zone_, beginOf(*good), now_))
      add("backup_overdue", kCritical, "No complete backup since " + clockText(zone_, beginOf(*good)),
          "A backup should have been made since. What was entered after " + clockText(zone_, beginOf(*good)) +
              " cannot be brought back.",
          "See that this computer stays on at the scheduled times and that the drive for the backups is "
          "connected. "
          "Then open the page and press \"Back up now\".",
          good->id);
    if (!last || (good && last->id <= good->id)) return;
    if (last->state == RunState::kFailed) {
      const std::string hint = last->error ? last->error->hint : std::string();
      add("backup_failed", kWarning, "The backup of " + clockText(zone_, beginOf(*last)) + " failed",
          last->error ? oneLine(last->error->message) : "The reason is not known.",
          (hint.empty() ? "" : "Do this: " + oneLine(hint) + ". ") +
              std::string(
                  "Then open the page and press \"Back up now\". If it fails again, call your technician."),
          last->id);
    } else if (last->state == RunState::kIncomplete) {
      add("backup_incomplete", kWarning,
          "Something is missing from the backup of " + clockText(zone_, beginOf(*last)),
          facts_.incomplete.empty() ? "The run's result names what." : firstOf(facts_.incomplete),
          "Everything else is in the backup. If the files named are open in a program, close it; if a drive "
          "or "
          "folder cannot be read, let your technician look at it. Then press \"Back up now\".",
          last->id);
    }
  }

  void lookAtProofs() {
    const auto& check = facts_.health.last_check;
    if (check && check->state == RunState::kFailed)
      add("repository_damaged", kCritical, "The stored backups are damaged",
          check->error ? oneLine(check->error->message) : "The check found damage.",
          "The drive that holds the backups may be failing. Keep it as it is, make a backup onto another "
          "drive, and "
          "call your technician.",
          check->id);
    const auto& drill = facts_.health.last_drill;
    if (drill && drill->state == RunState::kFailed)
      add("drill_failed", kCritical, "The practice run of " + clockText(zone_, beginOf(*drill)) + " failed",
          drill->error ? oneLine(drill->error->message) : "The backup did not pass.",
          "The backup that was tried may not bring everything back. Press \"Back up now\", then start a "
          "practice run "
          "of the new backup. If that fails too, call your technician.",
          drill->id);
    const auto& good = facts_.health.last_good_backup;
    if (!good) return;
    const Timestamp since = drill ? beginOf(*drill) : facts_.watched_since;
    const bool overdue =
        isDrillOverdue(config_, zone_, since, now_) || (!drill && now_.ns - since.ns > kNeverDrilledNs);
    if (!overdue) return;
    add("drill_overdue", kWarning,
        drill ? "No practice run since " + clockText(zone_, since) : "No backup was ever tried",
        "Whether the backups can be restored is known only when one was restored.",
        "Open the page and start a practice run. It changes nothing in the office's data.",
        drill ? std::optional(drill->id) : std::nullopt);
  }

  void lookAtDestination() {
    const auto& last = facts_.health.last_backup;
    const auto& good = facts_.health.last_good_backup;
    if (!facts_.destination) {
      findings_.unknown.insert({"destination_gone", "destination_full", "destination_filling"});
      return;
    }
    const DestinationFacts& place = *facts_.destination;
    if (!place.problem.empty()) {
      add("destination_gone", kCritical, "The place for the backups cannot be reached",
          oneLine(config_.repository.path + ": " + place.problem),
          "If the backups are kept on an external drive, connect it. If they are kept on another computer or "
          "a "
          "network drive, see that it is switched on and the network works. No backup can be made until "
          "then.");
      findings_.unknown.insert({"destination_full", "destination_filling"});
      return;
    }
    const bool no_space = last && (!good || last->id > good->id) && wantsSpace(*last);
    if (!place.free_bytes || !place.total_bytes) {
      if (!no_space) findings_.unknown.insert("destination_full");
      findings_.unknown.insert("destination_filling");
      if (no_space) addFull("", last->id);
      return;
    }
    const std::string left =
        gigabytes(*place.free_bytes) + " of " + gigabytes(*place.total_bytes) + " are free.";
    if (no_space || *place.free_bytes < 2 * addedOfLate())
      return addFull(left, no_space ? std::optional(last->id) : std::nullopt);
    const DestinationForecast outlook = forecast(facts_.backups, place);
    const bool soon = outlook.full_in_days && *outlook.full_in_days < kDaysLeftMin;
    const bool little = *place.free_bytes / kFreePercentMin < *place.total_bytes / 100;
    if (!soon && (!little || (outlook.full_in_days && *outlook.full_in_days >= kDaysLeftPlenty))) return;
    add("destination_filling", kWarning,
        soon ? fmt::format("The drive for the backups is full in about {} days", *outlook.full_in_days)
             : std::string("The drive for the backups is nearly full"),
        left + (outlook.bytes_per_day ? " Backups add about " + gigabytes(*outlook.bytes_per_day) + " a day."
                                      : ""),
        "Plan a larger drive, remove from it what does not belong to the backups, or keep old backups for a "
        "shorter "
        "time (Backup, How long backups are kept).");
  }

  void addFull(const std::string& left, std::optional<std::int64_t> run) {
    add("destination_full", kCritical, "The drive for the backups is full",
        left.empty() ? "The last backup did not fit." : left + " The next backup may not fit.",
        "Make room on that drive or connect a larger one; until then no backup can be made. Do not delete "
        "single "
        "files of the backups by hand: let your technician shorten how long old backups are kept.",
        run);
  }

  // What backups of late stored at most, the first one aside.
  std::uint64_t addedOfLate() const {
    constexpr std::size_t kLook = 5;
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < std::min(facts_.backups.size(), kLook); ++i)
      if (!facts_.backups[i].parent.empty()) most = std::max(most, facts_.backups[i].stored_bytes);
    return most;
  }

  void lookAtPause() {
    if (facts_.backups.empty() || config_.alerts.pause_seconds_max == 0) return;
    const BackupFigures& newest = facts_.backups.front();
    if (newest.lock_seconds <= config_.alerts.pause_seconds_max) return;
    add("office_paused_long", kWarning,
        fmt::format("The backup of {} kept the office waiting for {:.0f} seconds",
                    clockText(zone_, newest.begin), newest.lock_seconds),
        fmt::format(
            "While a backup notes its moment nobody can save. More than {} seconds are noticed at the front "
            "desk.",
            config_.alerts.pause_seconds_max),
        "Let your technician give the service access to the database server's data folder "
        "(database.data_folder), "
        "which makes this pause a fraction of a second; or schedule backups for when the office is closed.",
        newest.run);
  }

  void lookAtPeople() {
    if (config_.sign_in.local_administrator && !facts_.administrator_is_set)
      add("administrator_missing", kWarning, "There is no local administrator",
          "When the database is down, nobody can sign in to this page to bring it back.",
          "Let your technician run `enamel administrator` on this computer and keep the name and password in "
          "a safe "
          "place.");
    if (!facts_.without_password) {
      findings_.unknown.insert("password_missing");
      return;
    }
    const std::size_t count = facts_.without_password->size();
    if (count == 0) return;
    add("password_missing", kWarning,
        count == 1 ? std::string("An administrator of Open Dental has no password")
                   : fmt::format("{} administrators of Open Dental have no password", count),
        "Whoever sits down at a workstation may do everything as: " + firstOf(*facts_.without_password) + ".",
        "In Open Dental, open Setup, Security, and give each of them a password.");
  }

  const Config& config_;
  const TimeZone& zone_;
  const AlertFacts& facts_;
  const Timestamp now_;
  AlertFindings findings_;
};

}  // namespace

std::string clockText(const TimeZone& zone, Timestamp time) {
  const LocalTime local = zone.toLocal(time);
  const std::chrono::year_month_day date(local.day());
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     local.secondsOfDay() / 3600, local.secondsOfDay() / 60 % 60);
}

AlertFindings findAlerts(const Config& config, const TimeZone& zone, const AlertFacts& facts) {
  return Finder(config, zone, facts).run();
}

}  // namespace enamel::service
