#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "service/config.h"

namespace enamel::service {

// What a text of the configuration must be. An empty one is always right: not set.
enum class TextRule {
  kText,
  kPath,            // from the root: a service has no current folder
  kRelativeOrPath,  // any path
  kPublicFile,      // a path; must be there when the service starts
  kSecretFile,      // the same, and not readable by everybody
  kDatabaseUrl,     // without password
  kWebUrl,          // http or https, without user and password
  kHost,            // a name or an address
  kIpAddress,       // or "localhost"
  kMailAddress,
};

// What is said of a value that cannot be: never the value itself.
struct Complaint {
  std::string what;  // "must be a path from the root (/...)"; empty: nothing is wrong
  std::string hint;
};

Complaint complaintOf(TextRule rule, const std::string& value);

// The text of commentedConfig(), whatever comes of reading it.
std::string commentedText(const Config& config);

// What no key shows alone. Calls complain with the key ("listen.address") for the first thing that is wrong.
void checkTogether(const Config& config,
                   const std::function<void(const std::string& key, const Complaint& complaint)>& complain);

}  // namespace enamel::service
