#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/context.h"

namespace enamel::cli {

class ServiceClient;

// How runs of a service are shown; their JSON is src/service/openapi.json's Run.

// A member that is a text, printable; empty if it is none or not there.
std::string textOf(const nlohmann::json& object, const char* name);
// A time of the API in the machine's zone; "never" for null.
std::string timeText(const nlohmann::json& time);
// "backup, running, by Sarah (run 12)".
std::string runWords(const nlohmann::json& run);

// Shows the run's progress until it ends and returns it then; a request to stop (Ctrl-C) ends only the
// watching, by Error(kCancelled) that says so.
nlohmann::json watchRun(const Context& context, ServiceClient& client, const nlohmann::json& run);

// The process's exit code for an ended run.
int exitCodeOf(const nlohmann::json& run);

}  // namespace enamel::cli
