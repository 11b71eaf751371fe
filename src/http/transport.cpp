#include "http/internal/transport.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include <boost/asio/write.hpp>

namespace enamel::http {
namespace {

constexpr std::size_t kPieceBytes = 128U << 10;
constexpr auto kGoodbyeTime = std::chrono::seconds(2);
// Of what a client still sends after our last answer.
constexpr std::size_t kDiscardBytesMax = 4U << 20;
// An operation of TLS is several of the socket; one between two of them must be cut off, too.
constexpr auto kCancelAgain = std::chrono::milliseconds(50);

}  // namespace

Transport::Transport(tcp::socket socket, asio::ssl::context* tls)
    : socket_(std::move(socket)), timer_(socket_.get_executor()) {
  if (tls != nullptr) tls_.emplace(socket_, *tls);
  error_code ignored;  // a connection without the option works, more slowly
  socket_.set_option(tcp::no_delay(true), ignored);
}

std::string Transport::peerAddress() const {
  error_code error;
  const tcp::endpoint peer = socket_.remote_endpoint(error);
  if (error) return {};  // it is gone already
  const asio::ip::address address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

void Transport::setDeadline(Duration from_now) {
  expired_ = false;
  deadline_ = std::chrono::steady_clock::now() + from_now;
  // A timer that ends too early is set again when it ends: cheaper than setting it for each operation.
  if (deadline_ < armed_) arm(deadline_);
}

void Transport::clearDeadline() {
  expired_ = false;
  deadline_ = SteadyTime::max();
}

void Transport::arm(SteadyTime when) {
  armed_ = when;
  timer_.expires_at(when);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->onTimer();
  });
}

void Transport::onTimer() {
  const auto now = std::chrono::steady_clock::now();
  if (now < armed_) return;  // it was set anew just when it ended
  armed_ = SteadyTime::max();
  if (aborted_ || deadline_ == SteadyTime::max()) return;
  if (now < deadline_) return arm(deadline_);
  expired_ = true;
  error_code ignored;  // there was nothing to cut off
  socket_.cancel(ignored);
  arm(now + kCancelAgain);
}

Task<error_code> Transport::handshake() {
  if (!tls_) co_return error_code();
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kAsTuple);
  co_return error;
}

Task<Transport::ReadResult> Transport::readSome(MutableByteView buffer) {
  ReadResult result;
  if (aborted_ || expired_) {
    result.error = asio::error::operation_aborted;
    co_return result;
  }
  const asio::mutable_buffer target(buffer.data(), buffer.size());
  if (tls_)
    std::tie(result.error, result.bytes) = co_await tls_->async_read_some(target, kAsTuple);
  else
    std::tie(result.error, result.bytes) = co_await socket_.async_read_some(target, kAsTuple);
  co_return result;
}

Task<error_code> Transport::write(ByteView data, Duration idle_time) {
  while (!data.empty()) {
    if (aborted_) co_return asio::error::operation_aborted;
    setDeadline(idle_time);
    const ByteView piece = data.first(std::min(data.size(), kPieceBytes));
    const asio::const_buffer source(piece.data(), piece.size());
    error_code error;
    std::size_t bytes = 0;
    if (tls_)
      std::tie(error, bytes) = co_await asio::async_write(*tls_, source, kAsTuple);
    else
      std::tie(error, bytes) = co_await asio::async_write(socket_, source, kAsTuple);
    if (error) co_return error;
    data = data.subspan(bytes);
  }
  clearDeadline();
  co_return error_code();
}

void Transport::onPeerActivity(std::function<void()> callback) {
  socket_.async_wait(tcp::socket::wait_read,
                     [weak = weak_from_this(), callback = std::move(callback)](const error_code&) {
                       const auto self = weak.lock();
                       if (!self) return;
                       // It may be word of bytes that were read before the wait began.
                       if (self->nothingToRead()) return self->onPeerActivity(callback);
                       callback();
                     });
}

bool Transport::nothingToRead() {
  if (aborted_) return false;
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EINTR);
}

Task<> Transport::closeGently() {
  if (aborted_) co_return;
  setDeadline(kGoodbyeTime);
  if (tls_) co_await tls_->async_shutdown(kAsTuple);
  error_code error;
  if (!expired_) socket_.shutdown(tcp::socket::shutdown_send, error);
  Bytes discarded(16U << 10);
  for (std::size_t total = 0; !error && !expired_ && !aborted_ && total < kDiscardBytesMax;) {
    const auto [failure, bytes] =
        co_await socket_.async_read_some(asio::buffer(discarded.data(), discarded.size()), kAsTuple);
    error = failure;
    total += bytes;
  }
  abort();
}

void Transport::abort() {
  if (aborted_) return;
  aborted_ = true;
  timer_.cancel();
  error_code ignored;  // gone is gone
  socket_.close(ignored);
}

}  // namespace enamel::http
