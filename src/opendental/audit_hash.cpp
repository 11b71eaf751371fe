#include "opendental/audit_hash.h"

#include "base/bytes.h"
#include "hash/sha256.h"
#include "opendental/utf16.h"

namespace enamel::opendental {

std::string auditHash(std::string_view fields) {
  return toBase64(Sha256::of(asBytes(utf16FromUtf8(fields))).bytes);
}

}  // namespace enamel::opendental
