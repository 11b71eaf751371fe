#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.h"
#include "mariadb/manifest.h"

// Any bytes as a manifest: refused, or a manifest that survives encoding and decoding with its rows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto manifest = enamel::mariadb::decodeManifest({data, size});
    const auto again = enamel::mariadb::decodeManifest(enamel::mariadb::encodeManifest(manifest));
    if (again.rowCount() != manifest.rowCount() || again.tables.size() != manifest.tables.size())
      std::abort();
  } catch (const enamel::Error&) {
  }
  return 0;
}
