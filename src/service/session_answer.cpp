#include "service/session_answer.h"

#include <nlohmann/json.hpp>

#include "service/api_json.h"
#include "service/caller.h"

namespace enamel::service {

http::Response sessionResponse(const Principal& principal, const std::string& csrf) {
  return jsonResponse(
      {{"user", principal.name},
       {"account", principal.account},
       {"may_back_up", principal.may_back_up},
       {"may_administer", principal.may_administer},
       {"csrf_token", csrf.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(csrf)}});
}

std::string sessionCookie(bool tls, const std::string& secret, std::int64_t max_age_s) {
  return sessionCookieName(tls) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" +
         (tls ? "; Secure" : "") + "; Max-Age=" + std::to_string(max_age_s);
}

}  // namespace enamel::service
