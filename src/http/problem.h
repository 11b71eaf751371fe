#pragma once

#include <exception>
#include <string>

#include "base/error.h"
#include "http/headers.h"
#include "http/response.h"

namespace enamel::http {

// An answer that says what went wrong (RFC 9457), thrown by a handler that chooses status and words itself.
// All of it is shown to the client: no secret, nothing of other clients.
class Problem : public std::exception {
 public:
  // detail: what happened, for people. code: a stable name for programs ("csrf"); hint: what to do about it.
  explicit Problem(int status, std::string detail = {}, std::string code = {}, std::string hint = {});

  int status() const { return status_; }
  const std::string& detail() const { return detail_; }
  const char* what() const noexcept override { return detail_.c_str(); }
  // Fields for the answer, such as Retry-After.
  Headers& headers() { return headers_; }

  // application/problem+json with type, title, status, detail, code, hint.
  Response response() const;

 private:
  int status_;
  std::string detail_;
  std::string code_;
  std::string hint_;
  Headers headers_;
};

// The status that answers an Error of that code: 400 to 507.
int statusOf(ErrorCode code);

// With the error's code, and its message and hint except where it is kInternal: what that says of our insides
// is for the log.
Problem problemOf(const Error& error);

}  // namespace enamel::http
