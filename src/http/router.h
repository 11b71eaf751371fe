#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace enamel::http {

// An ordinary function that may block. Called on a worker; several may run at once, the same one too. What it
// throws becomes the answer: Problem and Error as problem.h says, anything else 500 without its text.
using Handler = std::function<Response(const Request&)>;

// What answers to one method and pattern.
struct Route {
  std::string method;  // "GET" answers HEAD too
  // Segments between slashes, each as it is, "{name}" for any one segment, or at the end "{name...}" for one
  // or more: "/api/v1/snapshots/{id}/files". A slash at the end is part of the pattern.
  std::string pattern;
  Handler handler;
  std::optional<std::uint64_t> body_bytes_max;  // none: ServerOptions::body_bytes_max
  bool streams_body = false;                    // the handler pulls it from Request::body_stream
};

// The routes of a server. Filled before it starts, only read from then on.
class Router {
 public:
  // Throws Error(kUsage) for a pattern that is none, or a method and pattern that are there already.
  void add(Route route);
  void get(std::string pattern, Handler handler) { add({"GET", std::move(pattern), std::move(handler)}); }
  // For GET and HEAD of paths that no pattern matches, such as a folder of static files.
  void setFallback(Handler handler);

  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> parameters;
  };
  struct NotFound {};
  struct WrongMethod {
    std::string allow;  // "GET, HEAD, OPTIONS"
  };
  // Where several patterns match, literal segments go before "{name}", and these before "{name...}", from
  // left to right; a pattern without the method gives way to one that has it.
  std::variant<Match, NotFound, WrongMethod> find(std::string_view method,
                                                  const std::vector<std::string>& segments) const;

 private:
  struct Entry {
    std::vector<std::string> pattern;  // segments
    std::vector<Route> routes;         // one a method
  };

  std::vector<Entry> entries_;  // the more literal first
  std::optional<Route> fallback_;
};

}  // namespace enamel::http
