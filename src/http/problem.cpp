#include "http/problem.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace enamel::http {

Problem::Problem(int status, std::string detail, std::string code, std::string hint)
    : status_(status), detail_(std::move(detail)), code_(std::move(code)), hint_(std::move(hint)) {}

Response Problem::response() const {
  nlohmann::ordered_json json{{"type", "about:blank"}, {"title", reasonPhrase(status_)}, {"status", status_}};
  if (!detail_.empty()) json["detail"] = detail_;
  if (!code_.empty()) json["code"] = code_;
  if (!hint_.empty()) json["hint"] = hint_;
  Response response;
  response.status = status_;
  response.headers = headers_;
  response.headers.set("Content-Type", "application/problem+json");
  // Details may quote names of files, which need not be UTF-8.
  response.body = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return response;
}

int statusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return 400;
    case ErrorCode::kWrongPassword:
    case ErrorCode::kPermission:
    case ErrorCode::kDatabaseDenied:
      return 403;
    case ErrorCode::kNotFound:
    case ErrorCode::kNoRepository:
      return 404;
    case ErrorCode::kExists:
    case ErrorCode::kRepositoryLocked:
    case ErrorCode::kDatabaseBusy:
      return 409;
    case ErrorCode::kLimit:
      return 413;
    case ErrorCode::kUnsupported:
      return 501;
    case ErrorCode::kUnreachable:
      return 502;
    case ErrorCode::kDatabaseUnreachable:
    case ErrorCode::kCancelled:
      return 503;
    case ErrorCode::kNoSpace:
      return 507;
    case ErrorCode::kInternal:
    case ErrorCode::kIncomplete:
    case ErrorCode::kIo:
    case ErrorCode::kCorrupt:
    case ErrorCode::kDatabase:
    case ErrorCode::kVerifyFailed:
      return 500;
  }
  return 500;
}

Problem problemOf(const Error& error) {
  const std::string code(errorName(error.code()));
  if (error.code() == ErrorCode::kInternal)
    return Problem(500, "an internal error; the service's log has more", code);
  return Problem(statusOf(error.code()), error.what(), code, error.hint());
}

}  // namespace enamel::http
