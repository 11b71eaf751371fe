#include "http/request.h"

#include "base/error.h"

namespace enamel::http {

const std::string& Request::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  ENAMEL_CHECK(found != parameters.end());
  return found->second;
}

std::vector<Cookie> Request::cookies() const {
  std::vector<Cookie> all;
  for (const Headers::Field& field : headers.fields()) {
    if (!equalsIgnoringCase(field.name, "Cookie")) continue;
    for (Cookie& cookie : parseCookies(field.value)) all.push_back(std::move(cookie));
  }
  return all;
}

}  // namespace enamel::http
