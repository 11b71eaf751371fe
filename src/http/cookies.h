#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace enamel::http {

struct Cookie {
  std::string name;
  std::string value;
  friend bool operator==(const Cookie&, const Cookie&) = default;
};

// The pairs of a Cookie header field (RFC 6265 section 4.2.1), in order. Values are taken as they are,
// without the double quotes around them. Pairs that are none (no "=", no name, characters that no cookie may
// hold) are left out: browsers send what any page of the same host has set, and that must not lock a user
// out.
std::vector<Cookie> parseCookies(std::string_view field);

}  // namespace enamel::http
