#pragma once

#include <string>

namespace CLI {
class App;
}

namespace enamel::cli {

// Where a packaged service has its files.
inline constexpr const char* kDefaultConfigFile = "/etc/enamel/enamel.toml";
inline constexpr const char* kDefaultStateFolder = "/var/lib/enamel";

// --config, --state. The members hold the defaults.
void addConfigOption(CLI::App& command, std::string& file);
void addStateOption(CLI::App& command, std::string& folder);

}  // namespace enamel::cli
