#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/cancel.h"
#include "mail/message.h"

namespace enamel::mail {

// How the connection to a mail server is kept secret.
enum class Security {
  kStartTls,  // TLS after a greeting in the clear (port 587); without it nothing is sent
  kTls,       // from the first byte (port 465)
  kNone,      // not at all; only to this computer itself
};

struct Server {
  std::string host;
  std::uint16_t port = 587;
  Security security = Security::kStartTls;
  std::string user, password;  // empty user: nobody signs in
  std::string ca_file;         // PEM: whom to trust instead of the system's authorities; empty: those
  std::chrono::milliseconds connect_time{10'000};
  std::chrono::milliseconds total_time{60'000};  // for one mail
};

// "127.0.0.1", "::1", "localhost": this computer itself, whatever the network says.
bool isThisComputer(const std::string& host);

// Hands a mail to the server by SMTP (RFC 5321). The server's certificate is always checked. Throws Error:
// kUsage for addresses that cannot be, and for kNone with another computer; kUnreachable if there is no such
// server, it is too slow, offers no TLS, or is not who its name says; kPermission if it refuses user or
// password; kIo if it refuses the mail; kCancelled, within a fifth of a second, after cancel.cancel(). Texts
// name host and port and hold what the server answered, never the password. For any thread.
void send(const Server& server, const Message& message, const CancelToken& cancel = CancelToken::never());

}  // namespace enamel::mail
