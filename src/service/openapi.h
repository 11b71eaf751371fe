#pragma once

#include <string_view>

namespace enamel::service {

// src/service/openapi.json, built in: the API's description (OpenAPI 3.1), its single source.
std::string_view openApiDocument();

}  // namespace enamel::service
