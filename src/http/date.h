#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace enamel::http {

// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section 5.6.7); seconds since 1970-01-01 UTC, of the
// years 1970 to 9999.
std::string formatHttpDate(std::int64_t seconds);

// nullopt if text is no IMF-fixdate; the two obsolete forms are none: a condition that is not understood is
// passed over, which costs a client that still writes them a transfer.
std::optional<std::int64_t> parseHttpDate(std::string_view text);

}  // namespace enamel::http
