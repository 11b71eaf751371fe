#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "http/router.h"

namespace enamel::http {

// PEM files. TLS 1.2 and later.
struct TlsFiles {
  std::string certificate_chain_file;
  std::string private_key_file;  // not encrypted
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // a literal IPv4 or IPv6 address
  std::uint16_t port = 0;             // 0: any that is free
  std::optional<TlsFiles> tls;
  // What a Host field may name, without port, in lower case. A page from elsewhere whose name was made to
  // lead here (DNS rebinding) names another, and gets 421. Empty: the address and "localhost".
  std::vector<std::string> host_names;

  std::size_t head_bytes_max = 16U << 10;       // first line and fields; past it 414 or 431
  std::uint64_t body_bytes_max = 1U << 20;      // past it 413
  std::chrono::milliseconds head_time{10'000};  // from a request's first byte to its last field; 408
  std::chrono::milliseconds idle_time{60'000};  // between requests, and of a body in which nothing moves
  std::chrono::milliseconds heartbeat{15'000};  // of event streams with nothing to say
  std::size_t connections_max = 1024;           // past it 503
  std::size_t connections_per_address_max = 256;
  std::size_t event_streams_max = 512;  // past it 503
  std::size_t event_streams_per_address_max = 32;
  std::size_t io_threads = 2;
  std::size_t workers = 8;     // handlers that run at once
  std::size_t queue_max = 64;  // requests that wait for one; past it 503

  // Sees each request before its handler, on the same worker; what it returns or throws is the answer, and
  // the handler is not called. May leave something in Request::context.
  std::function<std::optional<Response>(Request&)> filter;
  // Sees every answer before it is sent, errors too. On any thread; must not block or throw.
  std::function<void(Headers&)> decorate;
  // What the client is not told: exceptions that are no Problem, streams that broke off. On any thread. No
  // bodies, no queries, no header fields.
  std::function<void(std::string_view)> log;
};

// How busy a server is.
struct ServerStatus {
  std::size_t connections = 0;
  std::size_t event_streams = 0;
  std::size_t requests = 0;  // that wait for a worker or have one
};

// An HTTP/1.1 server. Handlers run on a bounded number of workers, never on the threads that serve the
// network; a connection without a request at work costs no thread. Members are thread-safe unless they say
// otherwise.
class Server {
 public:
  // Throws Error(kUsage) for options that cannot be.
  Server(ServerOptions options, Router router);
  // stop() without grace.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens and begins to serve. Throws systemError if the address cannot be had, Error(kIo or kUsage) naming
  // the file if certificate or key cannot be used. REQUIRES: not called before.
  void start();

  // From start() on.
  std::uint16_t port() const;
  // "https://127.0.0.1:8443", without a slash at the end.
  std::string url() const;

  ServerStatus status() const;

  // Stops accepting, closes idle connections, ends event streams, and gives requests at work that much time.
  // After it connections are cut; a handler then gets Error(kCancelled) from what it reads or writes. Returns
  // when all handlers have returned. Not for a handler to call; harmless the second time.
  void stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enamel::http
