#include "base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace enamel {
namespace {

struct CodeInfo {
  std::string_view name;
  int exit_code;
};

const CodeInfo& info(ErrorCode code) {
  static constexpr CodeInfo kInfos[] = {
#define ENAMEL_ERROR_CODE(enumerator, name, exit_code) {name, exit_code},
#include "base/error_codes.def"
#undef ENAMEL_ERROR_CODE
  };
  return kInfos[static_cast<std::size_t>(code)];
}

ErrorCode codeOf(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::kNoSpace;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermission;
    case ENOENT:
      return ErrorCode::kNotFound;
    case EEXIST:
      return ErrorCode::kExists;
    default:
      return ErrorCode::kIo;
  }
}

std::string hintOf(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space on that disk, or choose another destination, and run again";
    case EROFS:
      return "the disk is mounted read-only; remount it writable or choose another destination";
    case EACCES:
    case EPERM:
      return "run as a user who may read and write there";
    default:
      return {};
  }
}

}  // namespace

std::string_view errorName(ErrorCode code) {
  return info(code).name;
}

int exitCode(ErrorCode code) {
  return info(code).exit_code;
}

Error::Error(ErrorCode code, std::string message, std::string hint)
    : code_(code), text_(std::move(message)), hint_(std::move(hint)) {}

void Error::addContext(std::string_view context) {
  text_.insert(0, std::string(context) + ": ");
}

void Error::addHint(std::string hint) {
  if (hint_.empty()) hint_ = std::move(hint);
}

Error systemError(std::string_view what, int error_number) {
  Error error(codeOf(error_number), std::string(what) + ": " + std::generic_category().message(error_number),
              hintOf(error_number));
  error.system_error_number_ = error_number;
  return error;
}

void checkFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "enamel: internal error: check failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace enamel
