#pragma once

#include <chrono>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "http/request.h"
#include "http/response.h"
#include "service/api_tokens.h"
#include "service/audit_log.h"
#include "service/run.h"

namespace enamel::service {

// The shapes of the API's answers; src/service/openapi.json describes them.

nlohmann::ordered_json runJson(const Run& run);
nlohmann::ordered_json tokenJson(const ApiToken& token);
nlohmann::ordered_json auditJson(const AuditEntry& entry);
// "2026-11-29".
nlohmann::ordered_json dayJson(std::chrono::sys_days day);
// RFC 3339, or null.
nlohmann::ordered_json timeJson(const std::optional<Timestamp>& time);

http::Response jsonResponse(const nlohmann::ordered_json& object, int status = 200);

// The request's JSON object, which has no others than these members, and none twice. Throws Problem: 415
// unless the content type is application/json, 400 for what is none.
nlohmann::json bodyOf(const http::Request& request, std::initializer_list<std::string_view> members);
// A member of it. Throws Problem(400) naming it if it is of another type, or missing where there is no
// default.
std::string textOf(const nlohmann::json& body, const std::string& name,
                   const std::optional<std::string>& otherwise = {});
bool flagOf(const nlohmann::json& body, const std::string& name, bool otherwise);

// A number in the query or path, from min to max. Throws Problem(400) naming it.
std::optional<std::int64_t> numberOf(const http::Request& request, const std::string& name, std::int64_t min,
                                     std::int64_t max);
std::int64_t numberIn(const std::string& text, const std::string& name, std::int64_t min, std::int64_t max);

}  // namespace enamel::service
