#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/server.h"
#include "http/testing/raw_client.h"

namespace enamel::http::testing {

// A server on 127.0.0.1, and what it logged.
class TestServer {
 public:
  explicit TestServer(Router router, ServerOptions options = {})
      : server_(withLog(std::move(options)), std::move(router)) {
    server_.start();
  }

  Server& operator*() { return server_; }
  Server* operator->() { return &server_; }
  RawClient connect() const { return RawClient(server_.port()); }
  RawReply ask(std::string_view bytes) const { return connect().ask(bytes); }

  std::string logged() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  // Returns once what(status) holds: for what the server notices by itself, in its own time.
  template <class What>
  void waitUntil(What what) const {
    while (!what(server_.status())) std::this_thread::yield();
  }

 private:
  ServerOptions withLog(ServerOptions options) {
    options.log = [this](std::string_view text) {
      const std::lock_guard lock(mutex_);
      log_.append(text).append("\n");
    };
    return options;
  }

  mutable std::mutex mutex_;
  std::string log_;  // guarded by mutex_
  Server server_;    // last: its threads use the others
};

}  // namespace enamel::http::testing
