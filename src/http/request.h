#pragma once

#include <any>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "http/cookies.h"
#include "http/headers.h"
#include "http/target.h"

namespace enamel::http {

// A request's body, pulled by its handler: nothing is read from the network that was not asked for, so
// memory stays bounded and a slow handler slows its client. Only for the handler's own thread, and only until
// the handler returns.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // Waits for bytes; fills at most buffer.size() of them, at least one; 0 at the end. Throws Problem (400 bad
  // framing, 408 nothing came for the idle time, 413 larger than the route allows) or Error(kCancelled) when
  // the client is gone; after that only the same again.
  virtual std::size_t read(MutableByteView buffer) = 0;
};

// One request, as a handler sees it. Everything in it but what the server says of itself was chosen by the
// client.
struct Request {
  std::string method;  // "GET"; case matters
  std::string path;    // decoded: "/api/v1/files/x y"
  Query query;
  std::map<std::string, std::string, std::less<>> parameters;  // of the route's pattern, decoded
  Headers headers;
  std::string body;                   // whole; empty where the route takes a stream
  BodyReader* body_stream = nullptr;  // where the route takes a stream; owned by the server

  std::string client_address;  // "192.168.1.20"
  bool tls = false;

  // For the filter to leave something for the handler, such as whose session it is.
  std::any context;

  // The value of a parameter that the pattern has; aborts if it has none of that name.
  const std::string& parameter(std::string_view name) const;
  // Of all Cookie fields.
  std::vector<Cookie> cookies() const;
};

}  // namespace enamel::http
