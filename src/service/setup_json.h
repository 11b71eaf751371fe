#pragma once

#include <nlohmann/json_fwd.hpp>

namespace enamel::jobs {
struct DatabaseProbe;
struct DestinationProbe;
struct ImagesProbe;
}  // namespace enamel::jobs

namespace enamel::service {

// What the looks at sources and destination found, as the API tells it and `enamel setup --json` prints it.
nlohmann::ordered_json probeJson(const jobs::DatabaseProbe& probe);
nlohmann::ordered_json probeJson(const jobs::ImagesProbe& probe);
nlohmann::ordered_json probeJson(const jobs::DestinationProbe& probe);

}  // namespace enamel::service
