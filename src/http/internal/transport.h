#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/stream.hpp>

#include "base/bytes.h"
#include "http/internal/asio.h"

namespace enamel::http {

// The bytes of one connection, with or without TLS, and the time they may take. All members only on the
// socket's executor, a strand.
class Transport : public std::enable_shared_from_this<Transport> {
 public:
  // tls: null for plain HTTP; outlives the transport.
  Transport(tcp::socket socket, asio::ssl::context* tls);

  asio::any_io_executor executor() { return socket_.get_executor(); }
  bool isTls() const { return tls_.has_value(); }
  // Of the client, without port; an IPv4 address inside IPv6 as IPv4.
  std::string peerAddress() const;

  // Operations that are at work then are cut off with an error, but the connection stays usable: an answer
  // may still be sent, after another deadline was set.
  void setDeadline(Duration from_now);
  // No operation is cut off any more.
  void clearDeadline();
  // The last deadline has passed.
  bool expired() const { return expired_; }

  Task<error_code> handshake();

  struct ReadResult {
    error_code error;
    std::size_t bytes = 0;
  };
  // At least one byte, or an error.
  Task<ReadResult> readSome(MutableByteView buffer);

  // All bytes, in pieces that each may take idle_time.
  Task<error_code> write(ByteView data, Duration idle_time);

  // Calls back, once, when bytes or the end have come from the client.
  void onPeerActivity(std::function<void()> callback);

  // Says goodbye and lets the client read to the end before the socket goes: what a client still sends to a
  // closed socket would take the answer from it. Takes 2 seconds at most.
  Task<> closeGently();
  // At once; operations at work end with an error.
  void abort();

 private:
  void arm(SteadyTime when);
  void onTimer();
  bool nothingToRead();

  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  asio::steady_timer timer_;
  SteadyTime deadline_ = SteadyTime::max();
  SteadyTime armed_ = SteadyTime::max();  // max: not
  bool expired_ = false;
  bool aborted_ = false;
};

}  // namespace enamel::http
