#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace enamel {

// Kinds of failure, from error_codes.def.
enum class ErrorCode {
#define ENAMEL_ERROR_CODE(enumerator, name, exit_code) enumerator,
#include "base/error_codes.def"
#undef ENAMEL_ERROR_CODE
};

// The code's stable name, as printed in --json ("wrong_password").
std::string_view errorName(ErrorCode code);

// The process exit code a command ends with when this error reaches its edge.
int exitCode(ErrorCode code);

// The one exception family of Enamel. Thrown where something fails, caught only at the edges (a job, a
// command, a request, a thread's body, a C callback). Messages are lower case, without a full stop, name the
// object, and never hold a secret. Not thread-safe; copyable.
class Error : public std::exception {
 public:
  // hint: what the user can do about it, empty if nothing is known.
  Error(ErrorCode code, std::string message, std::string hint = {});

  ErrorCode code() const { return code_; }
  const std::string& hint() const { return hint_; }

  // The errno of the failed system call, 0 if it was none.
  int systemErrorNumber() const { return system_error_number_; }
  friend Error systemError(std::string_view what, int error_number);

  // "outermost context: ...: message".
  const char* what() const noexcept override { return text_.c_str(); }

  // Says what was being done when the error passed by; call and rethrow with `throw;`.
  void addContext(std::string_view context);

  // Sets the hint if there is none yet.
  void addHint(std::string hint);

 private:
  ErrorCode code_;
  std::string text_;
  std::string hint_;
  int system_error_number_ = 0;
};

// An Error for a failed system call: "what: No such file or directory". The code follows from error_number
// (ENOSPC and EDQUOT: kNoSpace; EACCES, EPERM, EROFS: kPermission; ENOENT: kNotFound; EEXIST: kExists; else
// kIo).
Error systemError(std::string_view what, int error_number);

// Aborts with file, line and the condition. For our own mistakes only, never for input; stays on in release
// builds.
#define ENAMEL_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::enamel::checkFailed(#condition, __FILE__, __LINE__))

[[noreturn]] void checkFailed(const char* condition, const char* file, int line);

}  // namespace enamel
