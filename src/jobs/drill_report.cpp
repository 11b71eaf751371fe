#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "jobs/drill.h"

namespace enamel::jobs {
namespace {

const char* outcomeName(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kPassed:
      return "passed";
    case CheckOutcome::kFailed:
      return "failed";
    case CheckOutcome::kNoted:
      return "noted";
    case CheckOutcome::kNotApplicable:
      return "not applicable";
  }
  return "";
}

void line(std::string& out, const char* label, const std::string& value) {
  if (!value.empty()) out += fmt::format("{:<22}{}\n", label, printable(value));
}

}  // namespace

std::string DrillReport::toText() const {
  std::string out = "Practice run of a restore\n\n";
  line(out, "Practice", practice_title);
  line(out, "Backup",
       fmt::format("{} of {} from {}", snapshot_id.substr(0, 8), formatLocal(snapshot_time), hostname));
  if (instant.ns != 0) line(out, "Database as of", formatLocal(instant));
  line(out, "Database", database.empty() ? database : database + ", MariaDB " + server_version);
  if (!opendental_version.empty() || !database_version.empty()) {
    line(out, "Open Dental", fmt::format("{} (database {})", opendental_version, database_version));
  }
  line(out, "Newest log entry", newest_log_entry);
  line(out, "Repository", repository_id);
  line(out, "Drill",
       fmt::format("{} to {}, {:.1f} s (restore {:.1f} s, table check {:.1f} s), by {}", formatLocal(started),
                   formatLocal(ended), seconds_total, seconds_restore, seconds_check, program_version));
  line(out, "Restored",
       fmt::format("{} tables, {} rows; {} documents, {} image files", tables, rows, documents, images));
  out += "\nChecks\n";
  for (const DrillCheck& check : checks) {
    out += fmt::format("  {:<15}{}", outcomeName(check.outcome), check.title);
    if (!check.summary.empty()) out += ": " + printable(check.summary);
    out += '\n';
    for (const std::string& finding : check.findings) out += "      - " + printable(finding) + '\n';
    if (check.findings_total > check.findings.size()) {
      out += fmt::format("      and {} more\n", check.findings_total - check.findings.size());
    }
  }
  if (!warnings.empty()) {
    out += "\nWorth knowing\n";
    for (const std::string& warning : warnings) out += "  - " + printable(warning) + '\n';
  }
  if (passed) return out + "\nPASSED\n";
  std::string failed;
  for (const DrillCheck& check : checks) {
    if (check.outcome == CheckOutcome::kFailed) failed += (failed.empty() ? "" : ", ") + check.name;
  }
  return out + "\nFAILED: " + failed + "\n";
}

std::string DrillReport::toJson() const {
  nlohmann::ordered_json json;
  json["message_type"] = "drill";
  json["passed"] = passed;
  json["program_version"] = program_version;
  json["repository_id"] = repository_id;
  json["snapshot_id"] = snapshot_id;
  json["snapshot_time"] = formatRfc3339(snapshot_time);
  json["hostname"] = hostname;
  if (instant.ns != 0) json["instant"] = formatRfc3339(instant);
  json["started"] = formatRfc3339(started);
  json["ended"] = formatRfc3339(ended);
  json["database"] = database;
  json["server_version"] = server_version;
  json["drill_server_version"] = drill_server_version;
  json["practice_title"] = practice_title;
  json["database_version"] = database_version;
  json["opendental_version"] = opendental_version;
  json["newest_log_entry"] = newest_log_entry;
  json["tables"] = tables;
  json["rows"] = rows;
  json["documents"] = documents;
  json["documents_left_out"] = documents_left_out;
  json["images"] = images;
  json["images_read"] = images_read;
  json["image_bytes_read"] = image_bytes;
  json["images_chosen"] = images_chosen;
  json["seconds_restore"] = seconds_restore;
  json["seconds_check"] = seconds_check;
  json["seconds_total"] = seconds_total;
  json["checks"] = nlohmann::ordered_json::array();
  for (const DrillCheck& check : checks) {
    json["checks"].push_back(
        {{"name", check.name},
         {"title", check.title},
         {"outcome",
          check.outcome == CheckOutcome::kNotApplicable ? "not_applicable" : outcomeName(check.outcome)},
         {"summary", check.summary},
         {"findings", check.findings},
         {"findings_total", check.findings_total},
         {"seconds", check.seconds}});
  }
  json["warnings"] = warnings;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace enamel::jobs
