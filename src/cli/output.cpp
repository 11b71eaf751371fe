#include "cli/output.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/format.h"
#include "cli/redact.h"
#include "jobs/result_json.h"

namespace enamel::cli {

using nlohmann::ordered_json;

void printJson(std::ostream& out, const ordered_json& object) {
  out << jobs::jsonText(object) << '\n';
  out.flush();
}

int printError(const Context& context, const Error& error) {
  const int code = exitCode(error.code());
  const std::string message = redactUrls(error.what());
  if (context.shared.json) {
    ordered_json object = {{"message_type", "exit_error"},
                           {"code", code},
                           {"error", errorName(error.code())},
                           {"message", message}};
    if (!error.hint().empty()) object["hint"] = error.hint();
    printJson(context.err, object);
    return code;
  }
  context.err << "enamel: " << printable(message) << '\n';
  if (!error.hint().empty()) context.err << "  hint: " << printable(error.hint()) << '\n';
  context.err.flush();
  return code;
}

void printWarnings(const Context& context, const std::vector<std::string>& warnings) {
  if (context.shared.json) return;
  for (const std::string& warning : warnings) context.err << "warning: " << printable(warning) << '\n';
}

void printProblems(const Context& context, const std::vector<files::Problem>& problems,
                   const std::string& during) {
  for (const files::Problem& problem : problems) {
    if (context.shared.json) {
      printJson(context.err, {{"message_type", "error"},
                              {"error", {{"message", problem.what}}},
                              {"during", during},
                              {"item", problem.path}});
    } else {
      context.err << "error: " << printable(problem.path) << ": " << printable(problem.what) << '\n';
    }
  }
}

}  // namespace enamel::cli
