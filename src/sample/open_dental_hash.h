#pragma once

#include <string>
#include <string_view>

namespace enamel::sample {

// UTF-8 as UTF-16, little-endian; what is not UTF-8 becomes U+FFFD.
std::string utf16FromUtf8(std::string_view text);

// userod.Password as Open Dental writes it today: "SHA3_512$salt$hash".
std::string passwordField(std::string_view salt, std::string_view password);
// base64(SHA3-512(UTF-16LE(salt + password))).
std::string passwordHash(std::string_view salt, std::string_view password);

// securityloghash.LogHash of a row whose fields are written one after the other:
// base64(SHA-256(UTF-16LE(fields))).
std::string logHash(std::string_view fields);

}  // namespace enamel::sample
