// For administrators: the audit log, and tokens of scripts.

#include <nlohmann/json.hpp>

#include "http/problem.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/audit_export.h"
#include "service/caller.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;
using nlohmann::ordered_json;

constexpr std::int64_t kNumberMax = std::int64_t{1} << 53;

std::optional<Timestamp> timeOf(const Request& request, const char* name) {
  const std::string* const text = request.query.find(name);
  if (text == nullptr) return std::nullopt;
  const auto time = parseRfc3339(*text);
  if (!time)
    throw Problem(400, std::string(name) + " has to be a time such as 2026-11-22T09:41:00Z", "malformed");
  return time;
}

AuditFilter filterOf(const Request& request) {
  AuditFilter filter{.user = {}, .action = {}, .from = timeOf(request, "from"), .to = timeOf(request, "to")};
  if (const std::string* user = request.query.find("user")) filter.user = *user;
  if (const std::string* action = request.query.find("action")) filter.action = *action;
  return filter;
}

Response auditPage(const ApiParts& parts, const Request& request) {
  administratorOf(request);
  const auto limit =
      static_cast<std::size_t>(numberOf(request, "limit", 1, AuditLog::kPageMax).value_or(100));
  const auto entries = parts.audit.page(filterOf(request), limit, numberOf(request, "before", 1, kNumberMax));
  ordered_json array = ordered_json::array();
  for (const AuditEntry& entry : entries) array.push_back(auditJson(entry));
  const bool more = entries.size() == limit;
  return jsonResponse(
      {{"entries", array},
       {"next_before", more ? ordered_json(entries.back().sequence) : ordered_json(nullptr)}});
}

Response auditExport(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const std::string* const format = request.query.find("format");
  const bool csv = format == nullptr || *format == "csv";
  if (!csv && *format != "json") throw Problem(400, "format has to be csv or json", "malformed");
  const AuditFilter filter = filterOf(request);
  parts.audit.append(caller.event(request, "audit.export", {}));
  Response response = Response::stream(
      csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
      [&audit = parts.audit, filter, csv](auto& out) {
        const TextSink sink = [&](std::string_view text) { out.write(text); };
        csv ? exportAuditCsv(audit, filter, sink) : exportAuditJsonLines(audit, filter, sink);
      });
  response.headers.add("Content-Disposition",
                       std::string("attachment; filename=\"enamel-audit.") + (csv ? "csv\"" : "jsonl\""));
  return response;
}

Response auditVerdict(const ApiParts& parts, const Request& request) {
  administratorOf(request);
  const AuditVerdict verdict = parts.audit.verify();
  ordered_json finding = nullptr;
  if (verdict.finding) finding = {{"sequence", verdict.finding->sequence}, {"what", verdict.finding->what}};
  return jsonResponse({{"whole", !verdict.finding}, {"entries", verdict.entries}, {"finding", finding}});
}

Response listTokens(const ApiParts& parts, const Request& request) {
  administratorOf(request);
  ordered_json array = ordered_json::array();
  for (const ApiToken& token : parts.tokens.list()) array.push_back(tokenJson(token));
  return jsonResponse({{"tokens", array}});
}

Response makeToken(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const nlohmann::json body = bodyOf(request, {"name", "administrator"});
  const std::string name = textOf(body, "name");
  const bool may_administer = flagOf(body, "administrator", false);
  parts.audit.append(caller.event(request, "token.create", {}, "asked", name));
  const ApiTokens::Created created = parts.tokens.create(name, may_administer, caller.principal.name);
  parts.audit.append(caller.event(request, "token.create", "token " + std::to_string(created.token.id),
                                  "done", created.token.name));
  ordered_json object = tokenJson(created.token);
  object["secret"] = created.secret;
  return jsonResponse(object, 201);
}

Response removeToken(const ApiParts& parts, const Request& request) {
  const Caller& caller = administratorOf(request);
  const std::string& id = request.parameter("id");
  const std::int64_t number = numberIn(id, "the token's number", 1, kNumberMax);
  parts.audit.append(caller.event(request, "token.remove", "token " + id, "asked"));
  const auto removed = parts.tokens.remove(number);
  if (!removed) throw Problem(404, "there is no token " + id, "not_found");
  parts.audit.append(caller.event(request, "token.remove", "token " + id, "done", removed->name));
  return Response::noContent();
}

}  // namespace

void addAdminRoutes(http::Router& router, const ApiParts& parts) {
  router.get("/api/v1/audit", [parts](const Request& request) { return auditPage(parts, request); });
  router.get("/api/v1/audit/export", [parts](const Request& request) { return auditExport(parts, request); });
  router.get("/api/v1/audit/verdict",
             [parts](const Request& request) { return auditVerdict(parts, request); });
  router.get("/api/v1/tokens", [parts](const Request& request) { return listTokens(parts, request); });
  router.add({"POST", "/api/v1/tokens", [parts](const Request& request) { return makeToken(parts, request); },
              4096});
  router.add({"DELETE",
              "/api/v1/tokens/{id}",
              [parts](const Request& request) { return removeToken(parts, request); },
              {}});
}

}  // namespace enamel::service
