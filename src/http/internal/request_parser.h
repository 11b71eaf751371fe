#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "http/headers.h"

namespace enamel::http {

// The first line and the fields of a request.
struct RequestHead {
  std::string method;
  std::string target;  // as it was sent
  Headers headers;
  bool http11 = true;
  bool keep_alive = true;
  bool expects_continue = false;
  bool has_body = false;  // one of at least a byte was announced, or a chunked one
  std::optional<std::uint64_t> content_length;
};

// One request out of bytes, in pieces of any size: Beast's parser, and what it lets pass that two readers
// might understand differently (several Content-Length or Host, other transfer codings than chunked, bare
// line ends). Failures are thrown as Problem: 400, 414, 431, 501, 505; the connection is of no use after
// that. Not thread-safe.
class RequestParser {
 public:
  // head_bytes_max: first line and fields together.
  explicit RequestParser(std::size_t head_bytes_max);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Returns how many of the bytes were used; the others are to be given again, with more behind them.
  // REQUIRES: !headDone().
  std::size_t parseHead(std::string_view bytes);
  bool headDone() const;
  // REQUIRES: headDone().
  const RequestHead& head() const;

  struct BodyStep {
    std::size_t used = 0;     // of bytes
    std::size_t written = 0;  // to out, decoded
  };
  // REQUIRES: headDone(), !done().
  BodyStep parseBody(std::string_view bytes, MutableByteView out);
  // The whole request was read.
  bool done() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enamel::http
