#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "cli/context.h"
#include "files/archiver.h"

namespace enamel::cli {

// One object on one line, valid UTF-8 whatever is in it (file names may be any bytes), flushed.
void printJson(std::ostream& out, const nlohmann::ordered_json& object);

// "enamel: what" and "  hint: ..." on context.err, or one JSON line there with --json. Returns the exit code.
int printError(const Context& context, const Error& error);

// For people: one line each on context.err, "warning: ...". Nothing with --json, where the summary holds
// them.
void printWarnings(const Context& context, const std::vector<std::string>& warnings);

// Each thing that is missing in a backup or restore. during: "archival" or "restore", restic's words.
void printProblems(const Context& context, const std::vector<files::Problem>& problems,
                   const std::string& during);

}  // namespace enamel::cli
