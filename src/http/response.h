#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/fd.h"
#include "http/event_stream.h"
#include "http/headers.h"

namespace enamel::http {

// Where a handler's stream goes. Only for the thread that is called with it.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  // Sends the bytes, in pieces of its own size. Waits while the client is slow. Throws Error(kCancelled) when
  // the client is gone, took nothing for the idle time, or the server stops; let it pass.
  virtual void write(ByteView data) = 0;
  void write(std::string_view text) { write(asBytes(text)); }
  // Sends now what write() gathered.
  virtual void flush() = 0;
};

// Part of an open file. The file must not shrink before it is sent: the connection is then cut.
struct FileBody {
  Fd file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Called on a worker once the head is sent; what it throws cuts the connection, so that a client never takes
// half a body for a whole one. Not called for HEAD.
using StreamBody = std::function<void(BodyWriter&)>;

// What a handler answers with. The server adds Date, the framing (Content-Length, Transfer-Encoding,
// Connection; those set here are dropped), X-Content-Type-Options and, unless they are set here,
// Referrer-Policy and Cache-Control: no-store.
struct Response {
  int status = 200;
  Headers headers;
  std::variant<std::string, FileBody, StreamBody, std::shared_ptr<EventStream>> body;

  static Response text(std::string text, int status = 200);
  // json: written already.
  static Response json(std::string json, int status = 200);
  static Response noContent();
  static Response stream(std::string content_type, StreamBody body);
  // Server-sent events. The stream may be pushed to before this, too.
  static Response events(std::shared_ptr<EventStream> stream);
};

// "Not Found"; "Status" for a number that has no name here.
std::string_view reasonPhrase(int status);

}  // namespace enamel::http
