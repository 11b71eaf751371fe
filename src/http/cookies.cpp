#include "http/cookies.h"

#include <algorithm>

#include "http/headers.h"

namespace enamel::http {
namespace {

// cookie-octet of RFC 6265.
bool isCookieOctet(char c) {
  return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    return value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

std::vector<Cookie> parseCookies(std::string_view field) {
  std::vector<Cookie> cookies;
  while (!field.empty()) {
    const auto end = field.find(';');
    const std::string_view pair = trimmed(field.substr(0, end));
    field = end == std::string_view::npos ? std::string_view() : field.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = unquoted(pair.substr(equals + 1));
    if (isToken(name) && std::all_of(value.begin(), value.end(), isCookieOctet))
      cookies.push_back({std::string(name), std::string(value)});
  }
  return cookies;
}

}  // namespace enamel::http
