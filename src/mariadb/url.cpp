#include "mariadb/url.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace enamel::mariadb {
namespace {

constexpr std::uint16_t kDefaultPort = 3306;
// sizeof(sockaddr_un::sun_path) without the closing NUL.
constexpr std::size_t kSocketPathBytesMax = 107;
constexpr std::size_t kUrlBytesMax = 4096;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kUsage, "the database address " + why,
              "write it as mariadb://USER[:PASSWORD]@HOST[:PORT]/NAME or "
              "mariadb://USER@localhost/NAME?socket=PATH, special characters percent-encoded");
}

bool isAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string encode(std::string_view text, std::string_view also_plain = {}) {
  std::string out;
  for (const char c : text) {
    const bool plain = isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain || also_plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out += '%' + toHex(ByteView(&byte, 1));
    }
  }
  return out;
}

// part: what to call the text when it is wrong; the text itself may be a password.
std::string decode(std::string_view text, const std::string& part) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const auto byte = fromHex(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) refuse("has a % in its " + part + " that two hex digits do not follow");
      c = static_cast<char>(byte->front());
      i += 2;
    }
    if (c == '\0') refuse("has a NUL in its " + part);
    out += c;
  }
  return out;
}

std::uint16_t parsePort(std::string_view text) {
  const bool digits = !text.empty() && text.size() <= 5 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const int port = digits ? std::stoi(std::string(text)) : 0;
  if (port < 1 || port > 65535) refuse("has a port that is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

bool isHostName(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return isAlphanumeric(c) || c == '.' || c == '-' || c == '_';
  });
}

bool isIpv6(std::string_view host) {
  const std::string_view number = host.substr(0, host.find('%'));
  const std::string_view zone = host.substr(number.size());
  return number.find(':') != std::string_view::npos &&
         number.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
         (zone.empty() || isHostName(zone.substr(1)));
}

void parseHost(std::string_view text, Address& address) {
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) refuse("opens a [ that is not closed");
    address.host = decode(text.substr(1, end - 1), "host");
    if (!isIpv6(address.host)) refuse("has no IPv6 address between [ and ]");
    port = text.substr(end + 1);
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    address.host = decode(text.substr(0, end), "host");
    if (address.host.empty()) refuse("names no host");
    if (!isHostName(address.host)) refuse("has a host name with characters that no host name has");
    port = text.substr(end);
  }
  if (port.empty()) return;
  if (port.front() != ':') refuse("has something other than a port behind its host");
  address.port = parsePort(port.substr(1));
}

void parseQuery(std::string_view text, Address& address) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = item.find('=');
    if (item.substr(0, equals) != "socket") refuse("has an option behind ? that is not socket=PATH");
    if (!address.socket.empty()) refuse("names two sockets");
    address.socket = equals == std::string_view::npos ? "" : decode(item.substr(equals + 1), "socket");
    if (address.socket.empty() || address.socket.front() != '/') {
      refuse("has a socket that is not a path from the root");
    }
    if (address.socket.size() > kSocketPathBytesMax) {
      refuse("has a socket path longer than the 107 bytes the system allows");
    }
    if (address.host != "localhost") refuse("has a socket, but its host is not localhost");
  }
}

std::string format(const Address& address, bool with_password) {
  std::string out = "mariadb://" + encode(address.user);
  if (with_password && !address.password.empty()) out += ':' + encode(address.password);
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  out += '@' + (is_ipv6 ? '[' + encode(address.host, ":") + ']' : encode(address.host));
  if (address.socket.empty() || address.port != kDefaultPort) out += ':' + std::to_string(address.port);
  out += '/' + encode(address.database);
  if (!address.socket.empty()) out += "?socket=" + encode(address.socket, "/");
  return out;
}

}  // namespace

std::string Address::display() const {
  return format(*this, false);
}

std::string formatAddress(const Address& address) {
  return format(address, true);
}

Address parseAddress(const std::string& url) {
  if (url.size() > kUrlBytesMax) refuse("is too long");
  std::string_view rest = url;
  if (rest.substr(0, 10) == "mariadb://") {
    rest.remove_prefix(10);
  } else if (rest.substr(0, 8) == "mysql://") {
    rest.remove_prefix(8);
  } else {
    refuse("does not begin with mariadb:// or mysql://");
  }
  if (rest.find('#') != std::string_view::npos) refuse("has a # that is not written as %23");

  Address address;
  std::string_view query;
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  const std::string_view name = rest.substr(std::min(slash + 1, rest.size()));
  if (name.find('/') != std::string_view::npos) refuse("has more than one / behind the host");

  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) refuse("names no user");
  const std::string_view user_info = authority.substr(0, at);
  const std::size_t colon = std::min(user_info.find(':'), user_info.size());
  address.user = decode(user_info.substr(0, colon), "user");
  if (address.user.empty()) refuse("names no user");
  if (colon < user_info.size()) address.password = decode(user_info.substr(colon + 1), "password");
  parseHost(authority.substr(at + 1), address);
  address.database = decode(name, "database name");
  parseQuery(query, address);
  return address;
}

}  // namespace enamel::mariadb
