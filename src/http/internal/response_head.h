#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/response.h"

namespace enamel::http {

// How the end of a body is found.
struct Framing {
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
};

// Status line and fields of an answer, with the empty line behind them. Fields that frame the message are
// taken from framing alone.
std::string responseHead(const Response& response, const Framing& framing);

// Adds what every answer has unless it says otherwise: X-Content-Type-Options, Referrer-Policy,
// Cache-Control.
void addDefaults(Headers& headers);

// Whether an answer of that status has a body at all (RFC 9110 section 6.4.1).
bool mayHaveBody(int status);

}  // namespace enamel::http
