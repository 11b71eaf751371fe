#include "http/internal/request_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/error.h"
#include "http/problem.h"

namespace enamel::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

// More fields than any browser or tool sends, and few enough to search from one end.
constexpr std::size_t kFieldsMax = 128;

// What ends every chunked body.
constexpr std::string_view kLastChunk = "0\r\n\r\n";

Problem badRequest(const char* detail) {
  return Problem(400, detail, "bad_request");
}

Problem problemOf(const error_code& failure, bool in_first_line) {
  using beast::http::error;
  if (failure == error::header_limit || failure == error::buffer_overflow)
    return in_first_line ? Problem(414, "the request's first line is too long", "limit")
                         : Problem(431, "the request's header fields are too long", "limit");
  if (failure == error::bad_version) return Problem(505, "this server speaks HTTP/1.0 and HTTP/1.1");
  return badRequest("the request is not well-formed HTTP/1.1");
}

// What two readers of the same bytes might understand differently (RFC 9112 sections 3.2, 6.1, 6.3).
void requireUnambiguous(const RequestHead& head) {
  const Headers& headers = head.headers;
  if (headers.count("Host") > 1 || (head.http11 && !headers.contains("Host")))
    throw badRequest("a request has exactly one Host field");
  if (headers.count("Content-Length") > 1) throw badRequest("the request has several Content-Length fields");
  if (const std::string* length = headers.find("Content-Length");
      length != nullptr && length->find_first_not_of("0123456789") != std::string::npos)
    throw badRequest("the Content-Length is no number");
  const std::string* coding = headers.find("Transfer-Encoding");
  if (coding == nullptr) return;
  if (headers.contains("Content-Length") || headers.count("Transfer-Encoding") > 1 || !head.http11)
    throw badRequest("the request's length is said in two ways");
  if (!equalsIgnoringCase(*coding, "chunked"))
    throw Problem(501, "the only transfer coding that this server knows is chunked");
}

}  // namespace

class RequestParser::Impl : public beast::http::basic_parser<true> {
 public:
  // Beast's own limit depends on the pieces in which the head comes; ours does not.
  explicit Impl(std::size_t head_bytes_max) : head_bytes_max_(head_bytes_max) {
    header_limit(static_cast<std::uint32_t>(2 * head_bytes_max));
    body_limit(boost::none);  // each route has its own; who reads the body counts
  }

  std::size_t feed(std::string_view bytes) {
    error_code error;
    const std::size_t used = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != beast::http::error::need_more && error != beast::http::error::need_buffer)
      throw problemOf(error, !has_first_line_);
    return used;
  }

  // used: bytes of the head that were taken in this step; left: others that belong to it.
  void countHead(std::size_t used, std::size_t left) {
    head_bytes_ += used;
    if (head_bytes_ + left > head_bytes_max_)
      throw problemOf(beast::http::error::header_limit,
                      !has_first_line_ || first_line_bytes_ > head_bytes_max_);
  }

  void finishHead() {
    head_.http11 = http11_;
    head_.keep_alive = keep_alive();
    if (const auto length = content_length()) head_.content_length = *length;
    head_.has_body = !is_done();
    const std::string* expect = head_.headers.find("Expect");
    head_.expects_continue = expect != nullptr && http11_ && equalsIgnoringCase(*expect, "100-continue");
    requireUnambiguous(head_);
    eager(true);
  }

  const RequestHead& head() const { return head_; }
  void setOut(MutableByteView out) { out_ = out; }
  std::size_t outLeft() const { return out_.size(); }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code&) override {
    has_first_line_ = true;
    first_line_bytes_ = method.size() + target.size() + std::string_view("  HTTP/1.1\r\n").size();
    head_.method = std::string(method);
    head_.target = std::string(target);
    http11_ = version >= 11;
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     error_code& error) override {
    if (head_read_) return;  // a trailer: nothing here has a use for one
    if (head_.headers.fields().size() == kFieldsMax) {
      error = beast::http::error::header_limit;
      return;
    }
    head_.headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override { head_read_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, error_code& error) override { return take(body, error); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& error) override {
    return take(body, error);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t take(beast::string_view body, error_code& error) {
    const std::size_t count = std::min(body.size(), out_.size());
    if (count != 0) std::memcpy(out_.data(), body.data(), count);
    out_ = out_.subspan(count);
    if (count < body.size()) error = beast::http::error::need_buffer;
    return count;
  }

  const std::size_t head_bytes_max_;
  std::size_t head_bytes_ = 0, first_line_bytes_ = 0;
  RequestHead head_;
  MutableByteView out_;
  bool http11_ = true;
  bool has_first_line_ = false;
  bool head_read_ = false;
};

RequestParser::RequestParser(std::size_t head_bytes_max) : impl_(std::make_unique<Impl>(head_bytes_max)) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::parseHead(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !impl_->is_header_done()) {
    const std::size_t step = impl_->feed(bytes.substr(used));
    if (step == 0) break;
    used += step;
  }
  // Beast joins a field that goes on in the next line; others might take that line for a field of its own. A
  // field is used as a whole, so such a line end is never split.
  const std::string_view head = bytes.substr(0, used);
  if (head.find("\r\n ") != std::string_view::npos || head.find("\r\n\t") != std::string_view::npos)
    throw badRequest("a header field goes on in the next line");
  impl_->countHead(used, impl_->is_header_done() ? 0 : bytes.size() - used);
  if (impl_->is_header_done()) impl_->finishHead();
  return used;
}

bool RequestParser::headDone() const {
  return impl_->is_header_done();
}

const RequestHead& RequestParser::head() const {
  return impl_->head();
}

RequestParser::BodyStep RequestParser::parseBody(std::string_view bytes, MutableByteView out) {
  impl_->setOut(out);
  BodyStep step;
  while (step.used < bytes.size() && !impl_->is_done()) {
    // Beast takes it for granted that the last chunk does not come in smaller pieces than this.
    if (impl_->chunked() && bytes.size() - step.used < kLastChunk.size()) break;
    const std::size_t used = impl_->feed(bytes.substr(step.used));
    if (used == 0) break;
    step.used += used;
  }
  step.written = out.size() - impl_->outLeft();
  return step;
}

bool RequestParser::done() const {
  return impl_->is_done();
}

}  // namespace enamel::http
