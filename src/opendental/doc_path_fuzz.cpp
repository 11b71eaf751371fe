#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "opendental/doc_path.h"

// Any bytes as DocPath: no part of a path that came apart leads out of its folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enamel;
  for (const opendental::DocPath& path : opendental::parseDocPaths(asText({data, size}))) {
    ENAMEL_CHECK(!path.text.empty());
    ENAMEL_CHECK((path.kind == opendental::DocPathKind::kUnc) == !path.server.empty());
    ENAMEL_CHECK(path.share.empty() == path.server.empty());
    ENAMEL_CHECK((path.kind == opendental::DocPathKind::kDrive) == (path.drive != 0));
    for (const std::string& folder : path.folders) {
      ENAMEL_CHECK(!folder.empty() && folder != "." && folder != ".." &&
                   folder.find('/') == std::string::npos);
    }
  }
  return 0;
}
