#include "http/internal/client_url.h"

#include <curl/curl.h>

#include <new>
#include <utility>

#include "base/error.h"
#include "base/printable.h"

namespace enamel::http {

void ClientUrl::Free::operator()(CURLU* handle) const {
  curl_url_cleanup(handle);
}

ClientUrl::ClientUrl(const std::string& url) : handle_(curl_url()) {
  if (!handle_) throw std::bad_alloc();
  if (const CURLUcode code =
          curl_url_set(handle_.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
      code != CURLUE_OK)
    throw Error(ErrorCode::kUsage, std::string("the URL is none: ") + curl_url_strerror(code),
                "a URL looks like https://host.example:8443/path");
  requireHttp();
}

void ClientUrl::requireHttp() const {
  const std::string scheme = part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https")
    throw Error(ErrorCode::kUsage, "the URL is neither http nor https");
}

ClientUrl ClientUrl::redirected(const std::string& location) const {
  ClientUrl target(curl_url_dup(handle_.get()));
  if (!target.handle_) throw std::bad_alloc();
  if (curl_url_set(target.handle(), CURLUPART_URL, location.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    throw Error(ErrorCode::kUsage, describe() + " leads on to something that is no URL");
  target.requireHttp();
  if (part(CURLUPART_SCHEME) == "https" && target.part(CURLUPART_SCHEME) == "http")
    throw Error(ErrorCode::kUsage, describe() + " leads on to an address without TLS, which is not followed");
  if (!sameOrigin(target)) {
    curl_url_set(target.handle(), CURLUPART_USER, nullptr, 0);
    curl_url_set(target.handle(), CURLUPART_PASSWORD, nullptr, 0);
  }
  return target;
}

std::string ClientUrl::part(int which) const {
  char* text = nullptr;
  if (curl_url_get(handle_.get(), static_cast<CURLUPart>(which), &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
    return {};
  std::string result(text);
  curl_free(text);
  return result;
}

std::string ClientUrl::origin() const {
  return part(CURLUPART_SCHEME) + "://" + part(CURLUPART_HOST) + ":" + part(CURLUPART_PORT);
}

std::string ClientUrl::describe() const {
  return printable(origin() + part(CURLUPART_PATH));
}

bool ClientUrl::sameOrigin(const ClientUrl& other) const {
  return origin() == other.origin();
}

}  // namespace enamel::http
