#include "jobs/version.h"

namespace enamel::jobs {

std::string_view versionNumber() {
  return ENAMEL_VERSION;
}

std::string_view programVersion() {
  return "enamel " ENAMEL_VERSION;
}

}  // namespace enamel::jobs
