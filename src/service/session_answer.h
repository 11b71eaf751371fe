#pragma once

#include <cstdint>
#include <string>

#include "http/response.h"
#include "service/principal.h"

namespace enamel::service {

// What says who is signed in; csrf is empty for API tokens.
http::Response sessionResponse(const Principal& principal, const std::string& csrf);

// The value of Set-Cookie for a session; an empty secret with max_age_s 0 takes it away.
std::string sessionCookie(bool tls, const std::string& secret, std::int64_t max_age_s);

}  // namespace enamel::service
