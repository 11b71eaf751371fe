#include "service/alert.h"

namespace enamel::service {

std::string_view name(AlertSeverity severity) {
  return severity == AlertSeverity::kCritical ? "critical" : "warning";
}

std::optional<AlertSeverity> alertSeverityOf(std::string_view name) {
  if (name == "warning") return AlertSeverity::kWarning;
  if (name == "critical") return AlertSeverity::kCritical;
  return std::nullopt;
}

}  // namespace enamel::service
