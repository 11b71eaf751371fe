#include "service/audit_export.h"

#include <nlohmann/json.hpp>

namespace enamel::service {

std::string csvField(std::string_view text) {
  constexpr std::string_view kFormulaStarts = "=+-@\t\r\n";
  std::string out = "\"";
  if (!text.empty() && kFormulaStarts.find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

void exportAuditCsv(const AuditLog& log, const AuditFilter& filter, const TextSink& sink) {
  sink(
      "\"sequence\",\"time\",\"user\",\"account\",\"address\",\"action\",\"object\",\"outcome\",\"details\","
      "\"hash\"\r\n");
  log.forEach(filter, [&](const AuditEntry& entry) {
    std::string line = csvField(std::to_string(entry.sequence));
    for (const std::string& field :
         {formatRfc3339(entry.time), entry.user, entry.account, entry.address, entry.action, entry.object,
          entry.outcome, entry.details, entry.hash.hex()})
      line += ',' + csvField(field);
    sink(line += "\r\n");
  });
}

void exportAuditJsonLines(const AuditLog& log, const AuditFilter& filter, const TextSink& sink) {
  log.forEach(filter, [&](const AuditEntry& entry) {
    const nlohmann::ordered_json json = {{"sequence", entry.sequence}, {"time", formatRfc3339(entry.time)},
                                         {"time_ns", entry.time.ns},   {"user", entry.user},
                                         {"account", entry.account},   {"address", entry.address},
                                         {"action", entry.action},     {"object", entry.object},
                                         {"outcome", entry.outcome},   {"details", entry.details},
                                         {"hash", entry.hash.hex()}};
    sink(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  });
}

}  // namespace enamel::service
