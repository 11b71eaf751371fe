// A placeholder that lets the program link until the drill is written; overwrite this file.
#include "jobs/drill.h"

#include "base/error.h"

namespace enamel::jobs {

std::string DrillReport::toText() const {
  return {};
}

std::string DrillReport::toJson() const {
  return {};
}

DrillReport runDrill(const repository::Repository&, const DrillOptions&, Progress&, const CancelToken&) {
  throw Error(ErrorCode::kUnsupported, "the drill is not part of this build yet");
}

}  // namespace enamel::jobs
