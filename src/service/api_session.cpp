// Signing in and out.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "crypto/secret.h"
#include "http/problem.h"
#include "service/api.h"
#include "service/api_json.h"
#include "service/caller.h"
#include "service/session_answer.h"

namespace enamel::service {
namespace {

using http::Problem;
using http::Request;
using http::Response;

constexpr std::size_t kNameBytesMax = 256;
constexpr std::size_t kPasswordBytesMax = 1024;

// Whoever is locked out may go on trying for ever, and entries of the log are never removed: of what is
// refused without a look at the password, the first of an address in some minutes is recorded. Thread-safe.
class FirstOfMany {
 public:
  bool isFirst(const std::string& address, Sessions::Time now) {
    constexpr std::chrono::minutes kRest(5);
    constexpr std::size_t kAddressesMax = 10'000;
    const std::lock_guard lock(mutex_);
    if (seen_.size() >= kAddressesMax)
      std::erase_if(seen_, [&](const auto& e) { return now - e.second >= kRest; });
    if (seen_.size() >= kAddressesMax) return false;
    const auto [entry, fresh] = seen_.try_emplace(address, now);
    if (!fresh && now - entry->second < kRest) return false;
    entry->second = now;
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Sessions::Time> seen_;  // guarded by mutex_
};

// A name that no account has is not recorded: it may be a password that was typed into the wrong field.
void recordAttempt(const ApiParts& parts, const Request& request, const SignInResult& result) {
  const char* outcome = result.outcome == SignInOutcome::kSignedIn       ? "done"
                        : result.outcome == SignInOutcome::kDatabaseGone ? "failed"
                                                                         : "refused";
  std::string details;
  if (result.outcome == SignInOutcome::kLocked) details = "too many failures";
  if (result.outcome == SignInOutcome::kNoRight) details = "without the right Backup";
  if (result.outcome == SignInOutcome::kDatabaseGone)
    details = "the database cannot be reached: " + result.why;
  if (details.empty() && result.account_name.empty()) details = "no such user";
  parts.audit.append({.user = result.account_name,
                      .account = result.principal.account.empty() ? "none" : result.principal.account,
                      .address = request.client_address,
                      .action = "sign_in",
                      .object = {},
                      .outcome = outcome,
                      .details = std::move(details)});
}

[[noreturn]] void refuse(const SignInResult& result) {
  switch (result.outcome) {
    case SignInOutcome::kLocked: {
      Problem problem(
          429, "too many wrong passwords for this user, or from this address", "locked_out",
          "wait " + std::to_string((result.retry_after.count() + 59) / 60) + " minutes, then try again");
      problem.headers().set("Retry-After", std::to_string(result.retry_after.count()));
      throw problem;
    }
    case SignInOutcome::kNoRight:
      throw Problem(403, "this user may not back up", "no_right",
                    "an administrator can give the right Backup in Open Dental: Setup, Security");
    case SignInOutcome::kDatabaseGone:
      throw Problem(503, "the database cannot be reached, so users of Open Dental cannot be asked for",
                    "database_gone", "sign in as the local administrator that was made at set-up");
    case SignInOutcome::kWrong:
    case SignInOutcome::kSignedIn:
      break;
  }
  throw Problem(401, "user or password is wrong", "wrong_password",
                "hidden users, and users without a password, cannot sign in here");
}

bool isLookedAt(SignInOutcome outcome) {
  return outcome != SignInOutcome::kLocked && outcome != SignInOutcome::kDatabaseGone;
}

Response signIn(const ApiParts& parts, FirstOfMany& first, const Request& request) {
  const nlohmann::json body = bodyOf(request, {"user", "password"});
  const std::string name = textOf(body, "user");
  std::string password = textOf(body, "password");
  if (name.empty() || name.size() > kNameBytesMax || password.size() > kPasswordBytesMax)
    throw Problem(400, "user or password is empty or too long", "malformed");
  const auto now = Sessions::Time::clock::now();
  const SignInResult result = parts.sign_in.attempt(name, asBytes(password), request.client_address, now);
  crypto::wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
  if (isLookedAt(result.outcome) || first.isFirst(request.client_address, now))
    recordAttempt(parts, request, result);
  if (result.outcome != SignInOutcome::kSignedIn) refuse(result);
  const Sessions::Created session = parts.sessions.create(result.principal, now);
  Response response = sessionResponse(result.principal, session.csrf);
  response.headers.add("Set-Cookie",
                       sessionCookie(request.tls, session.secret,
                                     std::int64_t{parts.settings.current()->sign_in.session_hours} * 3600));
  return response;
}

Response signOut(const ApiParts& parts, const Request& request, bool everywhere) {
  const Caller& caller = callerOf(request);
  if (caller.session_secret.empty())
    throw Problem(400, "a token is no session; remove the token instead", "no_session");
  parts.sessions.end(caller.session_secret);
  if (everywhere) parts.sessions.endAllOf(caller.principal, Sessions::Time::clock::now());
  parts.audit.append(caller.event(request, everywhere ? "sign_out.everywhere" : "sign_out", {}));
  Response response = Response::noContent();
  response.headers.add("Set-Cookie", sessionCookie(request.tls, "", 0));
  return response;
}

}  // namespace

void addSessionRoutes(http::Router& router, const ApiParts& parts) {
  router.add({"POST", "/api/v1/session",
              [parts, first = std::make_shared<FirstOfMany>()](const Request& request) {
                return signIn(parts, *first, request);
              },
              16U << 10});
  router.get("/api/v1/session", [](const Request& request) {
    const Caller& caller = callerOf(request);
    return sessionResponse(caller.principal, caller.csrf);
  });
  router.add({"DELETE",
              "/api/v1/session",
              [parts](const Request& request) { return signOut(parts, request, false); },
              {}});
  router.add({"DELETE",
              "/api/v1/sessions",
              [parts](const Request& request) { return signOut(parts, request, true); },
              {}});
}

}  // namespace enamel::service
