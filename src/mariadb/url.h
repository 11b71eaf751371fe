#pragma once

#include <cstdint>
#include <string>

namespace enamel::mariadb {

// Where a database server is and who signs in. password is a secret: never printed, never in an argument
// list.
struct Address {
  std::string user;
  std::string password;
  std::string host = "localhost";
  std::uint16_t port = 3306;
  std::string socket;    // not empty: a unix socket is used, host and port are not
  std::string database;  // may be empty where a command needs none

  // "mariadb://user@host:3306/name", never with the password: for messages and manifests.
  std::string display() const;

  friend bool operator==(const Address&, const Address&) = default;
};

// mariadb://USER[:PASSWORD]@HOST[:PORT]/NAME or mariadb://USER[:PASSWORD]@localhost/NAME?socket=PATH, with
// percent-encoding; "mysql://" too; IPv6 hosts in brackets. Throws Error(kUsage), whose text holds no
// password.
Address parseAddress(const std::string& url);

// The URL that parseAddress() turns into `address` again, password included: a secret if there is one.
std::string formatAddress(const Address& address);

}  // namespace enamel::mariadb
