#include "service/caller.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "hash/sha256.h"
#include "http/problem.h"

namespace enamel::service {
namespace {

struct Open {
  std::string_view method, path;
};
// What a page needs before somebody is signed in, and what watches over the service.
constexpr std::array kOpen = {Open{"POST", "/api/v1/session"}, Open{"GET", "/api/v1/openapi.json"},
                              Open{"HEAD", "/api/v1/openapi.json"}};

// Whoever uses the commands on this computer.
constexpr std::string_view kCommandLineName = "command line";

bool isOpen(const http::Request& request) {
  // Numbers of a practice are not for everybody who reaches the port.
  if (request.path == "/metrics") return false;
  if (request.path.rfind("/api/", 0) != 0) return true;
  for (const Open& open : kOpen)
    if (request.method == open.method && request.path == open.path) return true;
  return false;
}

// What the page of a set-up that nobody has finished asks before somebody may be signed in.
bool isOpenForSetup(const http::Request& request) {
  return (request.method == "POST" && request.path == "/api/v1/setup/session") ||
         ((request.method == "GET" || request.method == "HEAD") && request.path == "/api/v1/setup");
}

// In a time that does not depend on where they differ.
bool equalSecrets(std::string_view a, std::string_view b) {
  return Sha256::of(asBytes(a)) == Sha256::of(asBytes(b));
}

}  // namespace

AuditEvent Caller::event(const http::Request& request, std::string action, std::string object,
                         std::string outcome, std::string details) const {
  return {.user = principal.name,
          .account = principal.account,
          .address = request.client_address,
          .action = std::move(action),
          .object = std::move(object),
          .outcome = std::move(outcome),
          .details = std::move(details)};
}

const Caller* callerIfAny(const http::Request& request) {
  return std::any_cast<Caller>(&request.context);
}

const Caller& callerOf(const http::Request& request) {
  const Caller* const caller = std::any_cast<Caller>(&request.context);
  ENAMEL_CHECK(caller != nullptr);
  return *caller;
}

const Caller& administratorOf(const http::Request& request) {
  const Caller& caller = callerOf(request);
  if (!caller.principal.may_administer)
    throw http::Problem(403, "only a security administrator may do this", "not_administrator",
                        "ask someone with the right SecurityAdmin in Open Dental");
  return caller;
}

std::string sessionCookieName(bool tls) {
  return tls ? "__Host-enamel_session" : "enamel_session";
}

Gate::Gate(Sessions& sessions, ApiTokens& tokens, std::string_view local_token,
           std::function<bool()> is_setup_open)
    : sessions_(sessions),
      tokens_(tokens),
      is_setup_open_(std::move(is_setup_open)),
      local_token_(Sha256::of(asBytes(local_token))) {}

std::optional<http::Response> Gate::operator()(http::Request& request) const {
  if (isOpen(request)) return std::nullopt;
  const bool has_token = request.headers.contains("Authorization");
  std::optional<Caller> caller = has_token ? byToken(request) : bySession(request);
  if (!caller && isOpenForSetup(request) && is_setup_open_ && is_setup_open_()) return std::nullopt;
  if (!caller) {
    http::Problem problem(401, has_token ? "the token is not known" : "nobody is signed in", "sign_in",
                          has_token ? "make a new one, or see that it was not removed" : "sign in");
    problem.headers().set("WWW-Authenticate", "Bearer realm=\"enamel\"");
    throw problem;
  }
  const bool only_looks = request.method == "GET" || request.method == "HEAD";
  if (!has_token && !only_looks) {
    const std::string* const token = request.headers.find("X-CSRF-Token");
    if (token == nullptr || !equalSecrets(*token, caller->csrf))
      throw http::Problem(403, "the request does not come from the page that is signed in", "csrf",
                          "load the page again");
  }
  request.context = std::move(*caller);
  return std::nullopt;
}

std::optional<Caller> Gate::byToken(const http::Request& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string& field = *request.headers.find("Authorization");
  if (!http::equalsIgnoringCase(std::string_view(field).substr(0, kBearer.size()), kBearer))
    return std::nullopt;
  const std::string_view token = http::trimmed(std::string_view(field).substr(kBearer.size()));
  if (Sha256::of(asBytes(token)) == local_token_)
    return Caller{.principal = {.name = std::string(kCommandLineName),
                                .account = "local",
                                .may_back_up = true,
                                .may_administer = true},
                  .session_secret = {},
                  .csrf = {}};
  auto principal = tokens_.find(token);
  if (!principal) return std::nullopt;
  return Caller{.principal = std::move(*principal), .session_secret = {}, .csrf = {}};
}

std::optional<Caller> Gate::bySession(const http::Request& request) const {
  const std::string name = sessionCookieName(request.tls);
  for (const http::Cookie& cookie : request.cookies()) {
    if (cookie.name != name) continue;
    if (auto session = sessions_.use(cookie.value, Sessions::Time::clock::now()))
      return Caller{.principal = std::move(session->principal),
                    .session_secret = cookie.value,
                    .csrf = std::move(session->csrf)};
  }
  return std::nullopt;
}

}  // namespace enamel::service
