#pragma once

#include <memory>
#include <string>

using CURLU = struct Curl_URL;

namespace enamel::http {

// A URL of a server we may talk to. Not thread-safe; movable.
class ClientUrl {
 public:
  // Throws Error(kUsage), without the text, which may hold a password.
  explicit ClientUrl(const std::string& url);

  // Where a Location field leads from here. Throws Error(kUsage) if it is no URL, or leads from https to
  // http.
  ClientUrl redirected(const std::string& location) const;

  // "https://host:8443/path": for messages.
  std::string describe() const;
  bool sameOrigin(const ClientUrl& other) const;
  CURLU* handle() const { return handle_.get(); }

 private:
  struct Free {
    void operator()(CURLU* handle) const;
  };
  explicit ClientUrl(CURLU* handle) : handle_(handle) {}
  std::string part(int which) const;
  std::string origin() const;
  void requireHttp() const;

  std::unique_ptr<CURLU, Free> handle_;
};

}  // namespace enamel::http
