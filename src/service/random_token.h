#pragma once

#include <string>

namespace enamel::service {

// 256 bits of the system's random generator, as 64 hexadecimal digits: nothing that could be guessed, and
// safe in a cookie, a header and a URL.
std::string randomToken();

}  // namespace enamel::service
