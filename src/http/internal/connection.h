#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/internal/input_buffer.h"
#include "http/internal/request_parser.h"
#include "http/internal/server_state.h"
#include "http/internal/slots.h"
#include "http/internal/transport.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/response.h"

namespace enamel::http {

// One client's connection: reads requests one after the other, has each answered by a worker, sends the
// answer. Everything but the constructor runs on the transport's executor; a worker reaches in by waitFor(),
// while the connection itself does nothing but wait for that worker.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // slot: what the connection counts as.
  Connection(std::shared_ptr<ServerState> state, std::shared_ptr<Transport> transport, std::string address,
             Slots::Slot slot);

  // Serves until either side ends it. Holds the connection alive.
  Task<> run();

  // The server stops: ends at once what waits, lets requests at work be answered.
  void beginStop();
  // Cuts off whatever is at work.
  void abort();

  asio::any_io_executor executor() { return transport_->executor(); }

  // For the body's reader.
  struct BodyPiece {
    std::size_t bytes = 0;           // 0: the end, or one of the failures
    bool gone = false;               // the client is
    std::optional<Problem> problem;  // what is wrong with the body
  };
  Task<BodyPiece> readBody(MutableByteView buffer);

  // For the response's writer.
  Task<error_code> send(ByteView data);

 private:
  class StreamReader;
  enum class HeadEnd { kRead, kGone, kRefused };

  Task<bool> serveOne();
  Task<HeadEnd> readHead();
  Task<bool> readMore();
  // Says no before any handler is asked.
  Task<bool> refuse(Problem problem);
  Task<bool> answer(const Route& route, Request request);
  Task<bool> readWholeBody(std::string& body);
  Task<Response> callOnWorker(const Route& route, Request& request);

  // connection_response.cpp. Each returns whether the connection may serve another request.
  Task<bool> respond(Response response, Slots::Slot slot);
  Task<bool> sendHead(const Response& response, std::optional<std::uint64_t> length, bool chunked);
  Task<bool> sendFile(const FileBody& file);
  Task<bool> sendStream(StreamBody body);
  Task<> serveEvents(std::shared_ptr<EventStream> events);
  bool mayGoOn() const;

  const std::shared_ptr<ServerState> state_;
  const std::shared_ptr<Transport> transport_;
  const std::string address_;
  const Slots::Slot slot_;

  InputBuffer input_;
  // Of the request at hand.
  std::unique_ptr<RequestParser> parser_;
  std::optional<Problem> refusal_;
  std::optional<Problem> body_problem_;
  std::uint64_t body_bytes_ = 0;
  std::uint64_t body_bytes_max_ = 0;
  bool continue_sent_ = false;
  bool client_gone_ = false;
  bool head_only_ = false;

  bool first_ = true;      // no request has come yet
  bool idle_ = false;      // between two requests
  bool stopping_ = false;  // no request after this one
  std::shared_ptr<EventStream> events_;
};

}  // namespace enamel::http
