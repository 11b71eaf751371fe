#pragma once

#include <map>
#include <sstream>
#include <string>

#include "cli/context.h"

namespace enamel::cli {

// A context of its own for a test: what was written, which variables are set.
struct TestContext {
  std::ostringstream out, err;
  std::map<std::string, std::string> variables;
  CancelToken cancel;
  Context context{out, err,
                  [this](const char* name) -> std::optional<std::string> {
                    const auto found = variables.find(name);
                    return found == variables.end() ? std::nullopt : std::optional(found->second);
                  },
                  cancel};
};

// The code of the Error that action throws, kInternal if it throws none.
template <class Action>
ErrorCode errorCodeOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

}  // namespace enamel::cli
