#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/cancel.h"
#include "http/headers.h"

namespace enamel::http {

struct ClientOptions {
  std::string ca_file;  // PEM: whom to trust instead of the system's authorities; empty: those
  std::string proxy;    // "http://proxy:3128"; empty: none, whatever the environment says
  // "127.0.0.1:8480": where to connect to whatever the URL names; who answers must still be whom it names.
  std::string connect_to;
  std::string user_agent = "enamel";
};

struct ClientRequest {
  std::string method = "GET";
  // http or https. A user and password in it are sent as Basic authorization.
  std::string url;
  Headers headers;

  std::string body;
  // Instead of body: fills the buffer, returns how much; 0 at the end. What it throws, send() throws.
  std::function<std::size_t(MutableByteView)> body_reader;
  std::optional<std::uint64_t> body_size;  // of body_reader; none: sent in chunks

  std::chrono::milliseconds connect_time{10'000};  // to find the host, connect, agree on TLS
  std::chrono::milliseconds idle_time{60'000};     // with no byte moving; whole seconds, at least one
  std::chrono::milliseconds total_time{0};         // 0: no limit

  std::uint64_t response_bytes_max = 16U << 20;  // of the body, to the sink too
  // Where the body of an answer with status 200 to 299 goes, piece by piece; none: into ClientResponse. What
  // it throws, send() throws.
  std::function<void(ByteView)> sink;

  // How many redirects are followed, for GET and HEAD. Never from https to http; Authorization and Cookie
  // fields are not taken to another origin, nor are user and password.
  int redirects_max = 0;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// An HTTP client. Every member may be called from several threads at once; connections are kept and used
// again. Certificates are always checked. Any status is an answer, not an error.
class Client {
 public:
  explicit Client(ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Waits for the whole answer. Throws Error: kUsage for a URL that is none or of another kind; kUnreachable
  // if there is no such host, it refuses or breaks off the connection, is too slow, or is not who its name
  // says; kLimit for an answer that is too large; kCancelled, within a fifth of a second, after
  // cancel.cancel(). Errors name scheme, host, port and path, never user, password or query.
  ClientResponse send(const ClientRequest& request, const CancelToken& cancel = CancelToken::never());

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enamel::http
