// Alerts: which there are, muting one, and trying how people are told.

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "http/problem.h"
#include "jobs/result_json.h"
#include "service/alert_json.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;
using nlohmann::ordered_json;

constexpr std::int64_t kIdMax = std::int64_t{1} << 53;
constexpr std::int64_t kHoursMax = 7LL * 24;

std::optional<bool> endedOf(const Request& request) {
  const std::string* const text = request.query.find("ended");
  if (text == nullptr) return std::nullopt;
  if (*text != "true" && *text != "false") throw Problem(400, "ended has to be true or false", "malformed");
  return *text == "true";
}

Response list(const ApiParts& parts, const Request& request) {
  const auto limit =
      static_cast<std::size_t>(numberOf(request, "limit", 1, AlertStore::kPageMax).value_or(50));
  const auto alerts = parts.alerts.page(endedOf(request), limit, numberOf(request, "before", 1, kIdMax));
  ordered_json array = ordered_json::array();
  for (const Alert& alert : alerts) array.push_back(alertJson(alert));
  const bool more = alerts.size() == limit;
  return jsonResponse(
      {{"alerts", array}, {"next_before", more ? ordered_json(alerts.back().id) : ordered_json(nullptr)}});
}

Response mute(const ApiParts& parts, const Request& request) {
  const std::int64_t id = numberIn(request.parameter("id"), "the alert's number", 1, kIdMax);
  const nlohmann::json body = bodyOf(request, {"hours"});
  const auto given = body.find("hours");
  if (given == body.end() || !given->is_number_integer() || *given < 0 || *given > kHoursMax)
    throw Problem(400, "hours has to be a number from 0 to " + std::to_string(kHoursMax), "malformed");
  const auto hours = given->get<std::int64_t>();
  const auto found = parts.alerts.find(id);
  if (!found) throw Problem(404, "there is no alert " + std::to_string(id), "not_found");
  if (found->ended) throw Problem(409, "alert " + std::to_string(id) + " is over", "ended");
  parts.audit.append(callerOf(request).event(request, "alert.mute", "alert " + std::to_string(id), "done",
                                             found->code + " for " + std::to_string(hours) + " hours"));
  const auto muted = parts.alerts.mute(id, {parts.clock.now().ns + hours * AlertStore::kHourNs});
  if (!muted) throw Problem(404, "there is no alert " + std::to_string(id), "not_found");
  parts.events.publish("alert", jobs::jsonText(alertJson(*muted)));
  return jsonResponse(alertJson(*muted));
}

Response test(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const std::string channel = textOf(bodyOf(request, {"channel"}), "channel");
  if (channel != kEmailChannel && channel != kWebhookChannel && channel != kPingChannel)
    throw Problem(400, "channel has to be email, webhook or ping", "malformed");
  parts.audit.append(caller.event(request, "alert.test", channel, "asked"));
  std::string detail;
  bool delivered = true;
  try {
    for (const std::string& refused : parts.teller.test(channel))
      detail += (detail.empty() ? "" : "; ") + refused;
    if (detail.empty()) detail = channel == kPingChannel ? "the address was called" : "delivered";
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kExists) throw Problem(409, error.what(), "busy", error.hint());
    delivered = false;
    detail = error.what() + (error.hint().empty() ? std::string() : " (" + error.hint() + ")");
  }
  parts.audit.append(caller.event(request, "alert.test", channel, delivered ? "done" : "failed", detail));
  return jsonResponse({{"delivered", delivered}, {"detail", detail}});
}

}  // namespace

void addAlertRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/alerts", [parts](const Request& request) { return list(parts, request); });
  router.add({"POST", "/api/v1/alerts/{id}/mute",
              [parts](const Request& request) { return mute(parts, request); }, 1024});
  router.add({"POST", "/api/v1/alerts/test", [parts](const Request& request) { return test(parts, request); },
              1024});
}

}  // namespace enamel::service
