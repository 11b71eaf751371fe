#pragma once

#include <string>

#include "base/error.h"
#include "storage/storage.h"

namespace enamel::repository {

// What a user can do about a damaged or missing file of a kind.
std::string damageHint(storage::FileType type);

// "index 5f3a... is damaged: cause", with that hint.
Error damagedFile(const storage::FileHandle& file, const std::string& cause);

// Calls decode(), which reads a file of that kind: what it finds damaged gets the hint.
template <class Decode>
auto withDamageHint(storage::FileType type, Decode decode) {
  try {
    return decode();
  } catch (Error& e) {
    if (e.code() == ErrorCode::kCorrupt) e.addHint(damageHint(type));
    throw;
  }
}

// The hint where packs hold what no index names. Both names of restic's command: Debian 12 has 0.14.
inline constexpr const char* kMakeIndexAnew =
    "make the index anew from the packs: `restic repair index` (restic before 0.16, as in Debian 12: "
    "`restic rebuild-index`), then run `enamel check` again";

}  // namespace enamel::repository
