#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace enamel::mail {

// A mail of plain text for one recipient. Texts are UTF-8 and may be anything: what is no UTF-8 or a control
// character is replaced, so that nobody writes header fields by a name with a line's end in it.
struct Message {
  std::string from_name;  // "Enamel, Smile Dental"
  std::string from, to;   // addresses: "office@example.com"
  std::string subject;
  std::string body;  // lines end with "\n"
  Timestamp date;
  std::string id;  // left part of the Message-ID: letters, digits, dots; unique
};

// Throws Error(kUsage) unless it is one address that cannot be taken for anything else: printable ASCII with
// one part on each side of the last "@", without blanks, control characters and any of <>,;"()[]\ .
void requireAddress(std::string_view address);

// As RFC 5322 and MIME (RFC 2045, 2047) write it: lines of at most 78 characters that end with CR LF, all
// ASCII, the body as quoted-printable. Marked as sent by a machine (RFC 3834), so that nobody's absence note
// answers. Throws what requireAddress() throws, for from and to.
std::string format(const Message& message);

}  // namespace enamel::mail
