#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace enamel::opendental {

// Open Dental hashes text as .NET holds it in memory: UTF-16, little-endian, without a byte order mark.

// Whether text is UTF-8 (RFC 3629: nothing overlong, no surrogates, at most U+10FFFF).
bool isUtf8(std::string_view text);

// Writes UTF-8 text as UTF-16 to the beginning of out, which holds at least 2 * text.size() bytes; what is
// not UTF-8 becomes U+FFFD. Returns the number of bytes written. For secrets: leaves no copy anywhere else.
std::size_t writeUtf16(std::string_view text, MutableByteView out);

// The same as a string of bytes.
std::string utf16FromUtf8(std::string_view text);

}  // namespace enamel::opendental
