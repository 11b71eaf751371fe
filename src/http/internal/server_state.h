#pragma once

#include <atomic>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "http/internal/asio.h"
#include "http/internal/slots.h"
#include "http/router.h"
#include "http/server.h"

namespace enamel::http {

// What the connections of one server share. Constant after its making, or thread-safe by itself.
struct ServerState {
  ServerState(ServerOptions the_options, Router the_router)
      : options(std::move(the_options)),
        router(std::move(the_router)),
        connections(options.connections_max, options.connections_per_address_max),
        event_streams(options.event_streams_max, options.event_streams_per_address_max),
        requests(options.workers + options.queue_max, options.workers + options.queue_max) {}

  void log(std::string_view text) const {
    if (options.log) options.log(text);
  }

  const ServerOptions options;
  const Router router;
  std::optional<asio::ssl::context> tls;  // set before the first connection

  Slots connections;
  Slots event_streams;
  Slots requests;
  std::atomic<bool> stopping{false};

  asio::io_context io;
  // Where handlers run, and where files are read: a slow disk must hold up neither connections nor handlers.
  std::optional<asio::thread_pool> workers;
  std::optional<asio::thread_pool> file_readers;
};

}  // namespace enamel::http
