#pragma once

#include <string>

namespace enamel::service {

// Who is behind a request, and what they may do.
struct Principal {
  std::string name;             // "Sarah"; of an API token: its name
  std::string account;          // as in AuditEvent: "open_dental", "local", "token"
  bool may_back_up = false;     // look, back up, restore, drill
  bool may_administer = false;  // also settings, removal of backups, tokens

  friend bool operator==(const Principal&, const Principal&) = default;
};

}  // namespace enamel::service
