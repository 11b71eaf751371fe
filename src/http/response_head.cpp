#include "http/internal/response_head.h"

#include <algorithm>
#include <array>

#include "base/time.h"
#include "http/date.h"

namespace enamel::http {
namespace {

bool isFraming(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames{"Content-Length", "Transfer-Encoding", "Connection",
                                                   "Date"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [name](std::string_view other) { return equalsIgnoringCase(name, other); });
}

void append(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool mayHaveBody(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void addDefaults(Headers& headers) {
  headers.set("X-Content-Type-Options", "nosniff");
  if (!headers.contains("Referrer-Policy")) headers.add("Referrer-Policy", "no-referrer");
  if (!headers.contains("Cache-Control")) headers.add("Cache-Control", "no-store");
}

std::string responseHead(const Response& response, const Framing& framing) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reasonPhrase(response.status)).append("\r\n");
  append(head, "Date", formatHttpDate(Clock::system().now().ns / 1'000'000'000));
  for (const Headers::Field& field : response.headers.fields())
    if (!isFraming(field.name)) append(head, field.name, field.value);
  if (framing.content_length) append(head, "Content-Length", std::to_string(*framing.content_length));
  if (framing.chunked) append(head, "Transfer-Encoding", "chunked");
  // For HTTP/1.1 it would go without saying; HTTP/1.0 has to be told.
  append(head, "Connection", framing.keep_alive ? "keep-alive" : "close");
  return head + "\r\n";
}

}  // namespace enamel::http
