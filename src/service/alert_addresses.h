#pragma once

#include <string>

#include "service/config.h"

namespace enamel::service {

// Where alerts go, whether the configuration holds the address or names a file that does; empty: nowhere.
// Both are secrets: not for logs, errors or answers. Throw what reading the file throws, and kUsage, naming
// the file and not what is in it, if that is no web address.
std::string webhookUrl(const Config& config);
std::string pingUrl(const Config& config);

}  // namespace enamel::service
