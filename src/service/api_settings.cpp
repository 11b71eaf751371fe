// For administrators: the settings, and the secrets beside them.

#include <nlohmann/json.hpp>

#include "crypto/secret.h"
#include "http/problem.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"
#include "service/secret_files.h"
#include "service/settings_json.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;

constexpr std::uint64_t kSettingsBytesMax = 256U << 10;
constexpr std::uint64_t kSecretBodyBytesMax = 16U << 10;

Response shown(const ApiParts& parts, const Config& config) {
  nlohmann::ordered_json object = settingsJson(config);
  object["restart_needed"] = parts.settings.isRestartNeeded();
  return jsonResponse(object);
}

Response show(const ApiParts& parts, const Request& request) {
  administratorOf(request);
  return shown(parts, *parts.settings.current());
}

std::string sectionsOf(const nlohmann::json& body) {
  std::string names;
  for (const auto& [name, value] : body.items()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

Response change(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  nlohmann::json body =
      bodyOf(request, {"practice", "database", "images", "repository", "schedule", "retention", "drills",
                       "restore", "alerts", "listen", "sign_in", "restart_needed"});
  body.erase("restart_needed");  // what GET gave may be sent back whole
  parts.audit.append(caller.event(request, "settings.change", {}, "asked", sectionsOf(body)));
  Config before;
  const auto after = parts.settings.change([&](Config& config) {
    before = config;
    applySettings(body, config);
  });
  parts.audit.append(caller.event(request, "settings.change", {}, "done", changesBetween(before, *after)));
  return shown(parts, *after);
}

Response putSecret(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const auto name = secretNameOf(request.parameter("name"));
  if (!name) throw Problem(404, "there is no secret of that name", "not_found");
  nlohmann::json body = bodyOf(request, {"value"});
  std::string value = textOf(body, "value");
  parts.audit.append(caller.event(request, "secret.set", request.parameter("name"), "asked"));
  setSecret(parts.settings, *name, value);
  parts.audit.append(caller.event(request, "secret.set", request.parameter("name"), "done",
                                  value.empty() ? "taken away" : ""));
  crypto::wipe(value);
  return Response::noContent();
}

}  // namespace

void addSettingsRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/settings", [parts](const Request& request) { return show(parts, request); });
  router.add({"PUT", "/api/v1/settings", [parts](const Request& request) { return change(parts, request); },
              kSettingsBytesMax});
  router.add({"PUT", "/api/v1/secrets/{name}",
              [parts](const Request& request) { return putSecret(parts, request); }, kSecretBodyBytesMax});
}

}  // namespace enamel::service
