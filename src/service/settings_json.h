#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "service/config.h"

namespace enamel::service {

// The configuration as the API shows it: sections and keys as in the file. Of a secret, or a file that holds
// one, there is only whether it is set: "password_set" for password_file.
nlohmann::ordered_json settingsJson(const Config& config);

// Puts the keys that are there into the configuration. Throws Problem(400) naming the key for others, for
// wrong types and values that cannot be. Those that only tell ("password_set") may be there as they are.
void applySettings(const nlohmann::json& body, Config& config);

// What differs, for the audit log: "schedule.times: ["12:30"] -> []; ..." Of secrets: that they were set.
std::string changesBetween(const Config& before, const Config& after);

}  // namespace enamel::service
