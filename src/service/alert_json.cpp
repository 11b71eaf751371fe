#include "service/alert_json.h"

#include <nlohmann/json.hpp>

#include "service/api_json.h"

namespace enamel::service {

nlohmann::ordered_json alertJson(const Alert& alert) {
  using nlohmann::ordered_json;
  ordered_json told = ordered_json::array();
  for (const AlertTelling& telling : alert.told)
    told.push_back({{"channel", telling.channel},
                    {"at", formatRfc3339(telling.at)},
                    {"error", telling.error.empty() ? ordered_json(nullptr) : ordered_json(telling.error)}});
  return {{"id", alert.id},
          {"code", alert.code},
          {"severity", name(alert.severity)},
          {"title", alert.title},
          {"detail", alert.detail},
          {"advice", alert.advice},
          {"since", formatRfc3339(alert.since)},
          {"last_seen", formatRfc3339(alert.last_seen)},
          {"ended", timeJson(alert.ended)},
          {"run", alert.run ? ordered_json(*alert.run) : ordered_json(nullptr)},
          {"told", told},
          {"muted_until", timeJson(alert.muted_until)}};
}

}  // namespace enamel::service
