#include "http/internal/connection.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

#include "base/error.h"
#include "http/internal/blocking.h"
#include "http/internal/handler_call.h"
#include "http/target.h"

namespace enamel::http {
namespace {

constexpr std::size_t kReadAheadBytes = 64U << 10;
constexpr std::size_t kBodyPieceBytes = 16U << 10;

Problem tooLarge() {
  return Problem(413, "the body is larger than it may be here", "limit");
}

Problem busy() {
  Problem problem(503, "the service is busy", "busy", "try again in a moment");
  problem.headers().set("Retry-After", "1");
  return problem;
}

}  // namespace

// A handler's view of a body that is still on its way.
class Connection::StreamReader : public BodyReader {
 public:
  explicit StreamReader(Connection& connection) : connection_(connection) {}

  std::size_t read(MutableByteView buffer) override {
    if (buffer.empty()) return 0;
    BodyPiece piece = waitFor(connection_.executor(), connection_.readBody(buffer));
    if (piece.gone) throw Error(ErrorCode::kCancelled, "the client is gone");
    if (piece.problem) throw *piece.problem;
    return piece.bytes;
  }

 private:
  Connection& connection_;
};

Connection::Connection(std::shared_ptr<ServerState> state, std::shared_ptr<Transport> transport,
                       std::string address, Slots::Slot slot)
    : state_(std::move(state)),
      transport_(std::move(transport)),
      address_(std::move(address)),
      slot_(std::move(slot)),
      input_(std::max(state_->options.head_bytes_max, kReadAheadBytes)) {}

Task<> Connection::run() {
  const auto self = shared_from_this();
  try {
    transport_->setDeadline(state_->options.head_time);
    const error_code error = co_await transport_->handshake();
    bool more = !error;
    while (more) more = co_await serveOne();
    if (!error && !client_gone_) co_await transport_->closeGently();
  } catch (const std::exception& error) {
    state_->log(std::string("a connection ended: ") + error.what());
  }
  transport_->abort();
}

void Connection::beginStop() {
  stopping_ = true;
  if (events_) events_->close();
  if (idle_) transport_->abort();
}

void Connection::abort() {
  stopping_ = true;
  transport_->abort();
}

Task<bool> Connection::readMore() {
  const auto read = co_await transport_->readSome(input_.room());
  input_.commit(read.bytes);
  co_return !read.error;
}

Task<Connection::HeadEnd> Connection::readHead() {
  const auto& options = state_->options;
  bool begun = !input_.empty();
  idle_ = !begun;
  if (idle_) input_.release();
  transport_->setDeadline(begun || first_ ? options.head_time : options.idle_time);
  for (;;) {
    if (!input_.empty()) {
      try {
        input_.consume(parser_->parseHead(input_.view()));
      } catch (const Problem& problem) {
        refusal_ = problem;
        co_return HeadEnd::kRefused;
      }
      if (parser_->headDone()) co_return HeadEnd::kRead;
    }
    if (stopping_ && !begun) co_return HeadEnd::kGone;
    if (!co_await readMore()) {
      idle_ = false;
      if (!begun || !transport_->expired()) {
        client_gone_ = true;
        co_return HeadEnd::kGone;
      }
      refusal_ = Problem(408, "the request did not come in time", "timeout");
      co_return HeadEnd::kRefused;
    }
    if (!begun) transport_->setDeadline(options.head_time);
    begun = true;
    idle_ = false;
  }
}

Task<bool> Connection::serveOne() {
  parser_ = std::make_unique<RequestParser>(state_->options.head_bytes_max);
  refusal_.reset();
  body_problem_.reset();
  body_bytes_ = 0;
  continue_sent_ = false;
  head_only_ = false;
  const HeadEnd end = co_await readHead();
  if (end == HeadEnd::kGone) co_return false;
  first_ = false;
  if (end == HeadEnd::kRefused) {
    stopping_ = true;  // where the next request would begin, nobody knows
    co_return co_await refuse(std::move(*refusal_));
  }
  transport_->clearDeadline();
  const RequestHead& head = parser_->head();
  head_only_ = head.method == "HEAD";

  const std::string* host = head.headers.find("Host");
  if (host == nullptr || !namesThisServer(state_->options, *host))
    co_return co_await refuse(Problem(421, "this server goes by another name", "host",
                                      "use the address that the service was given to listen on"));
  std::optional<Target> target = parseTarget(head.target);
  if (!target)
    co_return co_await refuse(Problem(400, "the request's target is not well-formed", "bad_request"));
  auto found = state_->router.find(head.method, target->segments);
  if (std::holds_alternative<Router::NotFound>(found))
    co_return co_await refuse(Problem(404, "there is nothing at this address", "not_found"));
  if (const auto* wrong = std::get_if<Router::WrongMethod>(&found)) {
    if (head.method == "OPTIONS") {
      Response response = Response::noContent();
      response.headers.set("Allow", wrong->allow);
      co_return co_await respond(std::move(response), {});
    }
    Problem problem(405, "this address does not answer to that method", "method");
    problem.headers().set("Allow", wrong->allow);
    co_return co_await refuse(std::move(problem));
  }

  auto& match = std::get<Router::Match>(found);
  Request request{.method = head.method,
                  .path = target->path(),
                  .query = std::move(target->query),
                  .parameters = std::move(match.parameters),
                  .headers = head.headers,
                  .client_address = address_,
                  .tls = transport_->isTls()};
  co_return co_await answer(*match.route, std::move(request));
}

Task<bool> Connection::refuse(Problem problem) {
  co_return co_await respond(problem.response(), {});
}

Task<bool> Connection::answer(const Route& route, Request request) {
  body_bytes_max_ = route.body_bytes_max.value_or(state_->options.body_bytes_max);
  if (parser_->head().content_length.value_or(0) > body_bytes_max_) co_return co_await refuse(tooLarge());
  if (!route.streams_body && !co_await readWholeBody(request.body)) {
    if (client_gone_) co_return false;
    co_return co_await refuse(std::move(*body_problem_));
  }
  Slots::Slot slot = state_->requests.take({});
  if (!slot) co_return co_await refuse(busy());
  Response response = co_await callOnWorker(route, request);
  co_return co_await respond(std::move(response), std::move(slot));
}

Task<Response> Connection::callOnWorker(const Route& route, Request& request) {
  StreamReader reader(*this);
  if (route.streams_body) request.body_stream = &reader;
  auto call = [this, &route, &request]() -> Task<Response> {
    co_return callHandler(state_->options, route, request);
  };
  co_return co_await asio::co_spawn(*state_->workers, std::move(call), asio::use_awaitable);
}

Task<bool> Connection::readWholeBody(std::string& body) {
  Bytes buffer;
  while (!parser_->done()) {
    buffer.resize(kBodyPieceBytes);
    const BodyPiece piece = co_await readBody(buffer);
    if (piece.gone || piece.problem) co_return false;
    body += asText(ByteView(buffer).first(piece.bytes));
  }
  co_return true;
}

Task<Connection::BodyPiece> Connection::readBody(MutableByteView buffer) {
  BodyPiece piece;
  while (!client_gone_ && !body_problem_ && !parser_->done()) {
    if (!input_.empty()) {
      RequestParser::BodyStep step;
      try {
        step = parser_->parseBody(input_.view(), buffer);
        body_bytes_ += step.written;
        if (body_bytes_ > body_bytes_max_) throw tooLarge();
        // What is no body takes no room in a buffer of that size, unless it is endless.
        if (step.used == 0 && input_.full()) throw Problem(400, "a chunk's head is too long", "bad_request");
      } catch (const Problem& problem) {
        body_problem_ = problem;
        break;
      }
      input_.consume(step.used);
      piece.bytes = step.written;
      if (piece.bytes != 0 || parser_->done()) co_return piece;
    }
    if (parser_->head().expects_continue && !continue_sent_) {
      continue_sent_ = true;
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      if (co_await send(asBytes(kContinue))) break;
    }
    transport_->setDeadline(state_->options.idle_time);
    const bool came = co_await readMore();
    if (!came && transport_->expired())
      body_problem_ = Problem(408, "the body did not come in time", "timeout");
    else if (!came)
      client_gone_ = true;
    transport_->clearDeadline();
  }
  piece.gone = client_gone_;
  piece.problem = body_problem_;
  co_return piece;
}

Task<error_code> Connection::send(ByteView data) {
  const error_code error = co_await transport_->write(data, state_->options.idle_time);
  if (error) client_gone_ = true;
  co_return error;
}

}  // namespace enamel::http
