#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "http/headers.h"

namespace enamel::http::testing {

// What a server answered.
struct RawReply {
  int status = 0;  // 0: the connection ended before a whole head came
  Headers headers;
  std::string body;    // decoded
  bool whole = false;  // as long as its framing says
  bool chunked = false;
};

// A client that sends any bytes at all, over plain TCP on 127.0.0.1.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);

  // False if the server has closed the connection already.
  bool send(std::string_view bytes);
  // Sends, then reads one reply.
  RawReply ask(std::string_view bytes) {
    send(bytes);
    return readReply();
  }
  RawReply readReply(bool to_head = false);
  // Reads on until text has come; false if the connection ends first. What came before it is dropped.
  bool readUntil(std::string_view text);
  // All until the connection ends.
  std::string readAll();
  // The server has nothing more to say: it closed, or reset, the connection.
  bool ended();
  void shutdownSend();
  // Ends the connection with a reset.
  void reset();
  // So that the server's writes wait soon; before the first byte.
  void takeLittle();

 private:
  bool fill();

  Fd socket_;
  std::string buffer_;
};

// "GET target HTTP/1.1" with a Host field and the given further lines, each with its line end.
std::string request(std::string_view method, std::string_view target, std::string_view lines = {},
                    std::string_view body = {});

}  // namespace enamel::http::testing
