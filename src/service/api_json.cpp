#include "service/api_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "http/problem.h"
#include "jobs/result_json.h"

namespace enamel::service {
namespace {

using http::Problem;
using nlohmann::json;
using nlohmann::ordered_json;

ordered_json progressJson(const ProgressSample& progress) {
  return {{"bytes_done", progress.bytes_done},
          {"bytes_total", progress.bytes_total},
          {"files_done", progress.files_done},
          {"files_total", progress.files_total},
          {"tables_done", progress.tables_done},
          {"tables_total", progress.tables_total},
          {"phase", progress.phase},
          {"current", progress.current}};
}

}  // namespace

ordered_json timeJson(const std::optional<Timestamp>& time) {
  return time ? ordered_json(formatRfc3339(*time)) : ordered_json(nullptr);
}

ordered_json dayJson(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

ordered_json runJson(const Run& run) {
  ordered_json object = {
      {"id", run.id},
      {"kind", name(run.request.kind)},
      {"state", name(run.state)},
      {"options", ordered_json::parse(run.request.options, nullptr, false)},
      {"started_by", run.started_by},
      {"queued", formatRfc3339(run.queued)},
      {"started", timeJson(run.started)},
      {"ended", timeJson(run.ended)},
      {"progress", progressJson(run.progress)},
      {"snapshot", run.snapshot.empty() ? ordered_json(nullptr) : ordered_json(run.snapshot)},
      {"error", nullptr}};
  if (object["options"].is_discarded()) object["options"] = nullptr;
  if (run.error)
    object["error"] = {{"code", run.error->code}, {"message", run.error->message}, {"hint", run.error->hint}};
  return object;
}

ordered_json tokenJson(const ApiToken& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"administrator", token.may_administer},
          {"created_by", token.created_by},
          {"created", formatRfc3339(token.created)},
          {"last_used", timeJson(token.last_used)}};
}

ordered_json auditJson(const AuditEntry& entry) {
  return {{"sequence", entry.sequence}, {"time", formatRfc3339(entry.time)}, {"user", entry.user},
          {"account", entry.account},   {"address", entry.address},          {"action", entry.action},
          {"object", entry.object},     {"outcome", entry.outcome},          {"details", entry.details},
          {"hash", entry.hash.hex()}};
}

http::Response jsonResponse(const ordered_json& object, int status) {
  return http::Response::json(jobs::jsonText(object), status);
}

json bodyOf(const http::Request& request, std::initializer_list<std::string_view> members) {
  constexpr std::string_view kJson = "application/json";
  const std::string* const type = request.headers.find("Content-Type");
  const std::string_view given = type == nullptr ? std::string_view() : std::string_view(*type);
  // A page of another site can send other types without asking the browser's leave.
  if (!http::equalsIgnoringCase(http::trimmed(given.substr(0, given.find(';'))), kJson))
    throw Problem(415, "the body has to be application/json", "content_type");
  // Of a member that is there twice one reader takes the first, another the last.
  std::vector<std::set<std::string>> names;
  const auto once = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second)
      throw Problem(400, "a member of the body is there twice", "malformed");
    return true;
  };
  json body = json::parse(request.body, once, false);
  if (!body.is_object()) throw Problem(400, "the body is no JSON object", "malformed");
  for (const auto& [name, value] : body.items())
    if (std::find(members.begin(), members.end(), name) == members.end())
      throw Problem(400, "the body has a member that is not known here", "malformed",
                    "look at the API's description: /api/v1/openapi.json");
  return body;
}

std::string textOf(const json& body, const std::string& name, const std::optional<std::string>& otherwise) {
  const auto found = body.find(name);
  if (found == body.end()) {
    if (otherwise) return *otherwise;
    throw Problem(400, name + " is missing", "malformed");
  }
  if (!found->is_string()) throw Problem(400, name + " has to be a text", "malformed");
  return found->get<std::string>();
}

bool flagOf(const json& body, const std::string& name, bool otherwise) {
  const auto found = body.find(name);
  if (found == body.end()) return otherwise;
  if (!found->is_boolean()) throw Problem(400, name + " has to be true or false", "malformed");
  return found->get<bool>();
}

std::int64_t numberIn(const std::string& text, const std::string& name, std::int64_t min, std::int64_t max) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < min || number > max)
    throw Problem(400,
                  name + " has to be a number from " + std::to_string(min) + " to " + std::to_string(max),
                  "malformed");
  return number;
}

std::optional<std::int64_t> numberOf(const http::Request& request, const std::string& name, std::int64_t min,
                                     std::int64_t max) {
  const std::string* const text = request.query.find(name);
  if (text == nullptr) return std::nullopt;
  return numberIn(*text, name, min, max);
}

}  // namespace enamel::service
