#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "service/audit_log.h"

namespace enamel::service {

// Takes the next piece of an export; what it throws ends the export.
using TextSink = std::function<void(std::string_view)>;

// The entries, oldest first, as CSV (RFC 4180): a line of names, then a line an entry, all fields quoted,
// CRLF at the end of each. See csvField() for what happens to formulas. Written piece by piece, whatever the
// log's size.
void exportAuditCsv(const AuditLog& log, const AuditFilter& filter, const TextSink& sink);

// The same as JSON lines: an object a line; time in RFC 3339, and as time_ns, from which, with the other
// fields, whoever gets the file can compute each hash (see AuditEntry::hashAfter). Bytes that are no UTF-8
// are replaced by U+FFFD; such an entry's hash cannot be computed from the export.
void exportAuditJsonLines(const AuditLog& log, const AuditFilter& filter, const TextSink& sink);

// One quoted field. A text that a spreadsheet would take for a formula (it begins with = + - @, a tab, CR or
// LF) gets a ' in front (OWASP "CSV Injection"): who signs in as "=HYPERLINK(...)" must not run on the desk
// of whoever reads the log.
std::string csvField(std::string_view text);

}  // namespace enamel::service
