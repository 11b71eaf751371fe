#pragma once

#include <string>
#include <string_view>

namespace enamel::opendental {

// securityloghash.LogHash of a row of securitylog whose fields are written one after the other (PermType,
// UserNum, LogDateTime, LogText, PatNum, and DateTPrevious unless it is unset):
// base64(SHA-256(UTF-16LE(fields))). A row without its hash shows red in Open Dental's audit trail.
std::string auditHash(std::string_view fields);

}  // namespace enamel::opendental
