#include "http/internal/handler_call.h"

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "base/printable.h"
#include "http/problem.h"

namespace enamel::http {
namespace {

void logFailure(const ServerOptions& options, const Request& request, std::string_view text) {
  if (options.log) options.log(printable(request.method + " " + request.path) + ": " + printable(text));
}

Response unexpected(const ServerOptions& options, const Request& request, std::string_view text) {
  logFailure(options, request, text);
  return problemOf(Error(ErrorCode::kInternal, {})).response();
}

Response answer(const ServerOptions& options, const Route& route, Request& request) {
  if (options.filter) {
    if (auto response = options.filter(request)) return std::move(*response);
  }
  return route.handler(request);
}

}  // namespace

Response callHandler(const ServerOptions& options, const Route& route, Request& request) {
  try {
    return answer(options, route, request);
  } catch (const Problem& problem) {
    return problem.response();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInternal) return unexpected(options, request, error.what());
    if (statusOf(error.code()) >= 500) logFailure(options, request, error.what());
    return problemOf(error).response();
  } catch (const std::exception& error) {
    return unexpected(options, request, error.what());
  } catch (...) {
    return unexpected(options, request, "an exception of no known kind");
  }
}

bool namesThisServer(const ServerOptions& options, std::string_view host) {
  // "name", "name:port", "[address]", "[address]:port"
  const auto end = host.starts_with('[') ? host.find(']') : host.find(':');
  std::string_view name = host.substr(0, end);
  std::string_view rest = end == std::string_view::npos ? std::string_view() : host.substr(end);
  if (host.starts_with('[')) {
    if (end == std::string_view::npos) return false;
    name.remove_prefix(1);
    rest.remove_prefix(1);
  }
  if (!rest.empty() &&
      (rest.front() != ':' || rest.substr(1).find_first_not_of("0123456789") != std::string_view::npos))
    return false;
  const auto& names = options.host_names;
  return std::find(names.begin(), names.end(), lowerCase(name)) != names.end();
}

}  // namespace enamel::http
