#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "hash/sha256.h"
#include "http/request.h"
#include "http/response.h"
#include "service/api_tokens.h"
#include "service/audit_log.h"
#include "service/principal.h"
#include "service/sessions.h"

namespace enamel::service {

// Whose request it is; in Request::context of every request to /api/v1 that needs to be signed in.
struct Caller {
  Principal principal;
  std::string session_secret;  // empty: an API token
  std::string csrf;            // of the session

  // For the audit log: who, from where.
  AuditEvent event(const http::Request& request, std::string action, std::string object,
                   std::string outcome = "done", std::string details = {}) const;
};

// REQUIRES: the gate let the request pass, and its route is not open to everybody.
const Caller& callerOf(const http::Request& request);
// nullptr where nobody is signed in, which only an open route can see.
const Caller* callerIfAny(const http::Request& request);
// As callerOf(); throws Problem(403) for who may not administer.
const Caller& administratorOf(const http::Request& request);

// The name of the cookie with the session's secret. Under TLS with the prefix that browsers take for a
// promise (RFC 6265bis section 4.1.3): no other site, no plain HTTP can set it.
std::string sessionCookieName(bool tls);

// Sees every request before its handler (http::ServerOptions::filter): signs the caller in by cookie or by
// "Authorization: Bearer TOKEN", and refuses (401, 403) what is not signed in, or was sent by another page
// (a cookie without the session's CSRF token in X-CSRF-Token, for all methods but GET and HEAD). Paths
// outside /api/ and those below are open.
class Gate {
 public:
  // Both outlive it. local_token: LocalAccess::token, of who may do everything.
  Gate(Sessions& sessions, ApiTokens& tokens, std::string_view local_token,
       std::function<bool()> is_setup_open = nullptr);

  std::optional<http::Response> operator()(http::Request& request) const;

 private:
  std::optional<Caller> byToken(const http::Request& request) const;
  std::optional<Caller> bySession(const http::Request& request) const;

  Sessions& sessions_;
  ApiTokens& tokens_;
  std::function<bool()> is_setup_open_;
  const Sha256 local_token_;
};

}  // namespace enamel::service
