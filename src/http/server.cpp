#include "http/server.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>

#include "base/error.h"
#include "base/threads.h"
#include "http/internal/asio.h"
#include "http/internal/connection.h"
#include "http/internal/response_head.h"
#include "http/internal/server_state.h"
#include "http/internal/tls_context.h"
#include "http/problem.h"

namespace enamel::http {
namespace {

constexpr std::size_t kFileReaders = 2;
// Clients that are being told that there is no room for them; past it they are told nothing.
constexpr std::size_t kRefusalsMax = 64;
// After accept() failed for want of descriptors or memory.
constexpr auto kAcceptAgain = std::chrono::milliseconds(100);

ServerOptions checked(ServerOptions options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    throw Error(ErrorCode::kUsage, "the address to listen on, " + options.address + ", is no IP address",
                "give a literal one, such as 127.0.0.1 or 192.168.1.10");
  if (options.workers == 0 || options.io_threads == 0 || options.head_bytes_max == 0 ||
      options.head_bytes_max > UINT32_MAX / 2)
    throw Error(ErrorCode::kUsage, "a server needs threads, and some bytes for a request's head");
  if (options.host_names.empty()) options.host_names = {address.to_string(), "localhost"};
  return options;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Router router)
      : state_(std::make_shared<ServerState>(checked(std::move(options)), std::move(router))),
        acceptor_(asio::make_strand(state_->io)) {}
  ~Impl() { stop(std::chrono::milliseconds(0)); }

  void start();
  void stop(std::chrono::milliseconds grace);
  std::uint16_t port() const { return port_; }
  std::string url() const;
  ServerStatus status() const {
    return {.connections = state_->connections.count(),
            .event_streams = state_->event_streams.count(),
            .requests = state_->requests.count()};
  }

 private:
  void listen();
  Task<> acceptLoop();
  void welcome(tcp::socket socket);
  Task<> turnAway(std::shared_ptr<Transport> transport);
  void forget(const Connection* connection);
  // Calls action(connection) for each, on its own executor.
  template <class Action>
  void forEachConnection(Action action);

  const std::shared_ptr<ServerState> state_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;  // set by start()
  std::atomic<std::size_t> refusals_{0};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::vector<std::thread> threads_;

  std::mutex stop_mutex_;  // one stop() after the other
  std::mutex mutex_;
  std::condition_variable all_gone_;
  std::map<const Connection*, std::weak_ptr<Connection>> open_;  // guarded by mutex_
  std::size_t tasks_ = 0;  // coroutines that run: connections, refusals, the accept loop; guarded by mutex_
};

void Server::Impl::listen() {
  const ServerOptions& options = state_->options;
  const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (!error) return;
  Error failure =
      systemError("listen on " + options.address + " port " + std::to_string(options.port), error.value());
  failure.addHint("another program may use the port; choose another one");
  throw failure;
}

void Server::Impl::start() {
  if (state_->options.tls) state_->tls.emplace(makeTlsContext(*state_->options.tls));
  listen();
  try {
    state_->workers.emplace(state_->options.workers);
    state_->file_readers.emplace(kFileReaders);
  } catch (const boost::system::system_error& error) {
    throw Error(ErrorCode::kLimit, std::string("threads could not be started: ") + error.what());
  }
  work_.emplace(state_->io.get_executor());
  threads_ = startThreads(
      state_->options.io_threads,
      [this](std::size_t) {
        pthread_setname_np(pthread_self(), "http-io");
        state_->io.run();
      },
      [this] { state_->io.stop(); });
  {
    const std::lock_guard lock(mutex_);
    ++tasks_;
  }
  asio::co_spawn(acceptor_.get_executor(), acceptLoop(), [this](std::exception_ptr) { forget(nullptr); });
}

Task<> Server::Impl::acceptLoop() {
  asio::steady_timer pause(acceptor_.get_executor());
  while (!state_->stopping) {
    tcp::socket socket(asio::make_strand(state_->io));
    const auto [error] = co_await acceptor_.async_accept(socket, kAsTuple);
    if (!acceptor_.is_open()) break;
    if (error) {
      // Descriptors ran out, or the client went away: neither ends a server.
      pause.expires_after(kAcceptAgain);
      co_await pause.async_wait(kAsTuple);
      continue;
    }
    welcome(std::move(socket));
  }
}

void Server::Impl::welcome(tcp::socket socket) {
  const auto executor = socket.get_executor();
  const auto transport =
      std::make_shared<Transport>(std::move(socket), state_->tls ? &*state_->tls : nullptr);
  std::string address = transport->peerAddress();
  Slots::Slot slot = state_->connections.take(address);
  const std::lock_guard lock(mutex_);
  if (state_->stopping) return;
  if (!slot) {
    if (refusals_ >= kRefusalsMax) return;
    ++refusals_;
    ++tasks_;
    asio::co_spawn(executor, turnAway(transport), [this](std::exception_ptr) {
      --refusals_;
      forget(nullptr);
    });
    return;
  }
  const auto connection =
      std::make_shared<Connection>(state_, transport, std::move(address), std::move(slot));
  open_.emplace(connection.get(), connection);
  ++tasks_;
  asio::co_spawn(executor, connection->run(),
                 [this, key = connection.get()](std::exception_ptr) { forget(key); });
}

// The answer is sent without reading the question. Over TLS it would cost a handshake: none is sent.
Task<> Server::Impl::turnAway(std::shared_ptr<Transport> transport) {
  if (!transport->isTls()) {
    Problem problem(503, "too many connections are open", "busy", "try again in a moment");
    problem.headers().set("Retry-After", "1");
    Response response = problem.response();
    addDefaults(response.headers);
    if (state_->options.decorate) state_->options.decorate(response.headers);
    const std::string& body = std::get<std::string>(response.body);
    const std::string message =
        responseHead(response, {.content_length = body.size(), .keep_alive = false}) + body;
    const error_code error = co_await transport->write(asBytes(message), std::chrono::seconds(1));
    if (!error) co_await transport->closeGently();
  }
  transport->abort();
}

void Server::Impl::forget(const Connection* connection) {
  const std::lock_guard lock(mutex_);
  open_.erase(connection);
  if (--tasks_ == 0) all_gone_.notify_all();
}

template <class Action>
void Server::Impl::forEachConnection(Action action) {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, weak] : open_) {
    if (const auto connection = weak.lock())
      asio::post(connection->executor(), [connection, action] { action(*connection); });
  }
}

void Server::Impl::stop(std::chrono::milliseconds grace) {
  const std::lock_guard one_at_a_time(stop_mutex_);
  if (threads_.empty()) return;
  {
    const std::lock_guard lock(mutex_);  // after it no connection is added
    state_->stopping = true;
  }
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;  // it is open, or it would not have been started
    acceptor_.close(ignored);
  });
  forEachConnection([](Connection& connection) { connection.beginStop(); });
  {
    std::unique_lock lock(mutex_);
    all_gone_.wait_for(lock, grace, [this] { return tasks_ == 0; });
  }
  forEachConnection([](Connection& connection) { connection.abort(); });
  {
    std::unique_lock lock(mutex_);
    all_gone_.wait(lock, [this] { return tasks_ == 0; });
  }
  state_->workers->join();
  state_->file_readers->join();
  work_.reset();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::string Server::Impl::url() const {
  const ServerOptions& options = state_->options;
  const bool v6 = options.address.find(':') != std::string::npos;
  return std::string(options.tls ? "https://" : "http://") +
         (v6 ? "[" + options.address + "]" : options.address) + ":" + std::to_string(port_);
}

Server::Server(ServerOptions options, Router router)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router))) {}
Server::~Server() = default;

void Server::start() {
  impl_->start();
}

std::uint16_t Server::port() const {
  return impl_->port();
}

std::string Server::url() const {
  return impl_->url();
}

ServerStatus Server::status() const {
  return impl_->status();
}

void Server::stop(std::chrono::milliseconds grace) {
  impl_->stop(grace);
}

}  // namespace enamel::http
