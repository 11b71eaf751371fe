#pragma once

#include "service/config.h"
#include "service/health.h"
#include "service/runs.h"

namespace enamel::service {

// What the history says of the configured repository's backups. A backup counts if it was asked for whole, a
// drill and a check if they came to a verdict. Throws what Runs throws.
HealthFacts healthFacts(const Config& config, const Runs& runs, Timestamp now);

}  // namespace enamel::service
