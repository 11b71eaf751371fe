#pragma once

#include <string>

#include "base/error.h"

namespace enamel::jobs {

// What a look at a source or a destination found wrong, for the person who sets Enamel up. None of them keeps
// anybody from going on.
struct ProbeProblem {
  std::string code;  // stable, for the page's catalogue: "not_open_dental"
  std::string message;
  std::string hint;

  static ProbeProblem of(const Error& error) {
    return {.code = std::string(errorName(error.code())), .message = error.what(), .hint = error.hint()};
  }
};

}  // namespace enamel::jobs
