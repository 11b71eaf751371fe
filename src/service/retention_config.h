#pragma once

#include "repository/retention.h"
#include "service/config.h"

namespace enamel::service {

// What the configuration says is to be kept.
repository::KeepPolicy policyOf(const Config::Retention& retention);

}  // namespace enamel::service
