#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/fd.h"
#include "http/server.h"

namespace {

using namespace enamel;

http::Router routes() {
  http::Router router;
  router.get("/get/{name}", [](const http::Request& asked) {
    return http::Response::text(asked.parameter("name") + std::to_string(asked.cookies().size()));
  });
  router.add({"POST", "/echo", [](const http::Request& asked) { return http::Response::text(asked.body); }});
  router.add({.method = "PUT",
              .pattern = "/stream",
              .handler =
                  [](const http::Request& asked) {
                    Bytes buffer(100);
                    while (asked.body_stream->read(buffer) != 0) {
                    }
                    return http::Response::stream("text/plain",
                                                  [](http::BodyWriter& out) { out.write("x"); });
                  },
              .streams_body = true});
  router.get("/events", [](const http::Request&) {
    auto stream = http::EventStream::make();
    stream->push({.data = "x"});
    stream->close();
    return http::Response::events(std::move(stream));
  });
  return router;
}

Fd connectTo(std::uint16_t port) {
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ENAMEL_CHECK(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  // Thousands of connections a second would otherwise use up the ports.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return socket;
}

}  // namespace

// Any bytes as all that a client ever says: the server answers with HTTP or nothing, and ends the connection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static http::Server* const server = [] {
    auto* const made =
        new http::Server({.head_bytes_max = 1024, .body_bytes_max = 1024, .workers = 2}, routes());
    made->start();
    return made;
  }();
  const Fd socket = connectTo(server->port());
  if (size != 0 && ::send(socket.get(), data, size, MSG_NOSIGNAL) < 0) return 0;  // it had enough already
  ::shutdown(socket.get(), SHUT_WR);
  char answer[4096];
  bool first = true;
  for (ssize_t count = 0; (count = ::recv(socket.get(), answer, sizeof answer, 0)) > 0; first = false)
    ENAMEL_CHECK(!first || std::string_view(answer, std::min<std::size_t>(count, 7)) == "HTTP/1.");
  return 0;
}
