#pragma once

#include <nlohmann/json_fwd.hpp>

#include "service/alert.h"

namespace enamel::service {

// As the API, the event stream and the webhook give it; src/service/openapi.json describes it.
nlohmann::ordered_json alertJson(const Alert& alert);

}  // namespace enamel::service
