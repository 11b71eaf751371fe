// How a connection sends what a handler answered.

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "base/error.h"
#include "base/fd.h"
#include "http/internal/blocking.h"
#include "http/internal/connection.h"
#include "http/internal/response_head.h"

namespace enamel::http {
namespace {

constexpr std::size_t kFilePieceBytes = 256U << 10;
constexpr std::size_t kStreamPieceBytes = 32U << 10;
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// A handler's stream on its way to the connection.
class StreamWriter : public BodyWriter {
 public:
  StreamWriter(Connection& connection, bool chunked) : connection_(connection), chunked_(chunked) {}
  using BodyWriter::write;

  void write(ByteView data) override {
    while (!data.empty()) {
      const std::size_t count = std::min(data.size(), kStreamPieceBytes - gathered_.size());
      gathered_ += asText(data.first(count));
      data = data.subspan(count);
      if (gathered_.size() == kStreamPieceBytes) flush();
    }
  }

  void flush() override {
    if (gathered_.empty()) return;
    if (chunked_) gathered_ = fmt::format("{:x}\r\n", gathered_.size()) + gathered_ + "\r\n";
    sendNow(gathered_);
    gathered_.clear();
  }

  void finish() {
    flush();
    if (chunked_) sendNow(kLastChunk);
  }

 private:
  void sendNow(std::string_view text) {
    if (waitFor(connection_.executor(), connection_.send(asBytes(text))))
      throw Error(ErrorCode::kCancelled, "the client is gone or takes nothing");
  }

  Connection& connection_;
  const bool chunked_;
  std::string gathered_;
};

}  // namespace

bool Connection::mayGoOn() const {
  return !stopping_ && !state_->stopping && !client_gone_ && !body_problem_ && parser_->headDone() &&
         parser_->head().keep_alive && parser_->done();
}

Task<bool> Connection::sendHead(const Response& response, std::optional<std::uint64_t> length, bool chunked) {
  const Framing framing{.content_length = length, .chunked = chunked, .keep_alive = mayGoOn()};
  const std::string head = responseHead(response, framing);
  const error_code error = co_await send(asBytes(head));
  co_return !error;
}

Task<bool> Connection::respond(Response response, Slots::Slot slot) {
  // Only a stream still needs a worker; what a client takes its time for must not keep others out.
  if (!std::holds_alternative<StreamBody>(response.body)) slot = {};
  if (client_gone_) co_return false;
  addDefaults(response.headers);
  if (state_->options.decorate) state_->options.decorate(response.headers);
  const bool bodiless = head_only_ || !mayHaveBody(response.status);

  if (auto* text = std::get_if<std::string>(&response.body)) {
    std::optional<std::uint64_t> length;
    if (mayHaveBody(response.status)) length = text->size();
    const bool go_on = mayGoOn();
    std::string message = responseHead(response, {.content_length = length, .keep_alive = go_on});
    if (!bodiless) message += *text;
    const error_code error = co_await send(asBytes(message));
    co_return !error && go_on;
  }
  if (auto* file = std::get_if<FileBody>(&response.body)) {
    const bool go_on = mayGoOn();
    if (!co_await sendHead(response, file->size, false)) co_return false;
    if (!bodiless && !co_await sendFile(*file)) co_return false;
    co_return go_on;
  }
  if (auto* body = std::get_if<StreamBody>(&response.body)) {
    const bool chunked = !parser_->headDone() || parser_->head().http11;
    const bool go_on = mayGoOn() && chunked;
    if (!chunked) stopping_ = true;  // HTTP/1.0 knows no other end of it than the connection's
    if (!co_await sendHead(response, std::nullopt, chunked)) co_return false;
    if (!bodiless && !co_await sendStream(std::move(*body))) co_return false;
    co_return go_on;
  }
  auto events = std::get<std::shared_ptr<EventStream>>(response.body);
  const Slots::Slot stream_slot = state_->event_streams.take(address_);
  if (!stream_slot) {
    events->abandon();
    Problem problem(503, "too many event streams are open", "busy", "close other windows of this page");
    problem.headers().set("Retry-After", "30");
    co_return co_await refuse(std::move(problem));
  }
  stopping_ = true;  // its end is the connection's
  if (co_await sendHead(response, std::nullopt, false) && !bodiless) co_await serveEvents(events);
  events->abandon();
  co_return false;
}

Task<bool> Connection::sendFile(const FileBody& file) {
  Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(file.size, kFilePieceBytes)));
  for (std::uint64_t sent = 0; sent < file.size;) {
    const MutableByteView piece = MutableByteView(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(file.size - sent, buffer.size())));
    // What it throws ends the connection in run().
    auto read = [&file, piece, at = file.offset + sent]() -> Task<std::size_t> {
      co_return readFullAt(file.file.get(), piece, at, "a file that is being sent");
    };
    const std::size_t count =
        co_await asio::co_spawn(*state_->file_readers, std::move(read), asio::use_awaitable);
    if (count != piece.size()) {
      state_->log("a file that was being sent became shorter");
      abort();
      co_return false;
    }
    if (co_await send(piece)) co_return false;
    sent += piece.size();
  }
  co_return true;
}

Task<bool> Connection::sendStream(StreamBody body) {
  const bool chunked = parser_->head().http11;
  auto call = [this, chunked, &body]() -> Task<bool> {
    StreamWriter writer(*this, chunked);
    try {
      body(writer);
      writer.finish();
      co_return true;
    } catch (const std::exception& error) {
      if (!client_gone_) state_->log(std::string("a stream was cut off: ") + error.what());
    } catch (...) {
      state_->log("a stream was cut off by an exception of no known kind");
    }
    co_return false;
  };
  const bool whole = co_await asio::co_spawn(*state_->workers, std::move(call), asio::use_awaitable);
  if (!whole) abort();
  co_return whole;
}

Task<> Connection::serveEvents(std::shared_ptr<EventStream> events) {
  input_.release();
  const auto timer = std::make_shared<asio::steady_timer>(transport_->executor());
  const std::weak_ptr<Connection> weak = weak_from_this();
  // Clients of an event stream only listen: anything from this one is its end, or the end of its use.
  transport_->onPeerActivity([weak, timer] {
    const auto self = weak.lock();
    if (!self) return;
    self->client_gone_ = true;
    self->transport_->abort();
    timer->cancel();
  });
  events->setWake([weak, timer, executor = transport_->executor(), queue = std::weak_ptr(events)] {
    asio::post(executor, [weak, timer, queue] {
      const auto self = weak.lock();
      const auto stream = queue.lock();
      // It may be in the middle of a write that the client does not take.
      if (self && stream && stream->isDropped()) self->transport_->abort();
      timer->cancel();
    });
  });
  events_ = events;
  if (state_->stopping) events->close();

  for (;;) {
    const bool open = events->isOpen();  // before take(): then nothing can come after what is taken
    std::string text = events->take();
    if (text.empty()) {
      if (!open || client_gone_) break;
      timer->expires_after(state_->options.heartbeat);
      const auto [error] = co_await timer->async_wait(kAsTuple);
      if (error) continue;
      text = ":\n\n";
    }
    if (co_await send(asBytes(text))) break;
  }
  events_.reset();
}

}  // namespace enamel::http
