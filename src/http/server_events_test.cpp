// Server-sent events over real connections.

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/testing/test_server.h"

namespace enamel::http {
namespace {

using testing::RawClient;
using testing::RawReply;
using testing::request;
using testing::TestServer;

// The streams that handlers opened.
class Streams {
 public:
  Response open(std::size_t queue_bytes_max = 256U << 10) {
    auto stream = EventStream::make(queue_bytes_max);
    const std::lock_guard lock(mutex_);
    streams_.push_back(stream);
    return Response::events(std::move(stream));
  }
  std::vector<std::shared_ptr<EventStream>> all() const {
    const std::lock_guard lock(mutex_);
    return streams_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<EventStream>> streams_;  // guarded by mutex_
};

Router eventsOf(Streams& streams, std::size_t queue_bytes_max = 256U << 10) {
  Router router;
  router.get("/events",
             [&streams, queue_bytes_max](const Request&) { return streams.open(queue_bytes_max); });
  router.get("/hello", [](const Request&) { return Response::text("hello"); });
  return router;
}

RawClient listenTo(const TestServer& server) {
  RawClient client = server.connect();
  client.send(request("GET", "/events"));
  EXPECT_TRUE(client.readUntil("Content-Type: text/event-stream\r\n"));
  EXPECT_TRUE(client.readUntil("\r\n\r\n"));
  return client;
}

TEST(Events, ReachTheClientAsTheyArePushed) {
  Streams streams;
  const TestServer server(eventsOf(streams));
  RawClient client = listenTo(server);
  const auto stream = streams.all().at(0);
  EXPECT_TRUE(stream->push({.id = "1", .event = "job", .data = "begun"}));
  EXPECT_TRUE(client.readUntil("id: 1\nevent: job\ndata: begun\n\n"));
  EXPECT_TRUE(stream->push({.id = "2", .data = "done"}));
  EXPECT_TRUE(client.readUntil("id: 2\ndata: done\n\n"));
  stream->push({.data = "last"});
  stream->close();
  EXPECT_EQ(client.readAll(), "data: last\n\n");
}

TEST(Events, HeartbeatsComeWhenThereIsNothingToSay) {
  Streams streams;
  ServerOptions options;
  options.heartbeat = std::chrono::milliseconds(20);
  const TestServer server(eventsOf(streams), options);
  RawClient client = listenTo(server);
  EXPECT_TRUE(client.readUntil(":\n\n"));
  EXPECT_TRUE(client.readUntil(":\n\n"));
}

TEST(Events, FiveHundredStreamsAtOnceNeedNoWorker) {
  constexpr int kClients = 500;
  Streams streams;
  ServerOptions options;
  options.workers = 1;
  options.connections_per_address_max = kClients + 1;
  options.event_streams_max = kClients;
  options.event_streams_per_address_max = kClients;
  const TestServer server(eventsOf(streams), options);
  std::vector<RawClient> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(listenTo(server));
  EXPECT_EQ(server.ask(request("GET", "/hello")).body, "hello") << "the only worker is free";
  EXPECT_EQ(server.ask(request("GET", "/events")).status, 503) << "there is no room for one more";

  std::vector<std::thread> pushers;
  for (int t = 0; t < 4; ++t) {
    pushers.emplace_back([&streams, t] {
      for (const auto& stream : streams.all()) stream->push({.data = "from " + std::to_string(t)});
    });
  }
  for (std::thread& pusher : pushers) pusher.join();
  for (const auto& stream : streams.all()) stream->close();
  for (RawClient& client : clients) {
    const std::string text = client.readAll();
    for (int t = 0; t < 4; ++t)
      EXPECT_NE(text.find("data: from " + std::to_string(t) + "\n\n"), std::string::npos) << text;
  }
  server.waitUntil(
      [](const ServerStatus& status) { return status.connections == 0 && status.event_streams == 0; });
}

TEST(Events, StreamsOfOneAddressAreLimited) {
  Streams streams;
  ServerOptions options;
  options.event_streams_per_address_max = 1;
  const TestServer server(eventsOf(streams), options);
  const RawClient first = listenTo(server);
  RawClient second = server.connect();
  const RawReply refused = second.ask(request("GET", "/events"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.headers.contains("Retry-After"));
  EXPECT_FALSE(streams.all().at(1)->isOpen()) << "whoever pushes to it hears of it";
  EXPECT_EQ(second.ask(request("GET", "/hello")).body, "hello");
}

TEST(Events, AClientThatGoesIsNoticed) {
  Streams streams;
  const TestServer server(eventsOf(streams));
  {
    const RawClient closes = listenTo(server);
    RawClient resets = listenTo(server);
    resets.reset();
  }
  server.waitUntil(
      [](const ServerStatus& status) { return status.connections == 0 && status.event_streams == 0; });
  for (const auto& stream : streams.all()) EXPECT_FALSE(stream->push({.data = "x"}));
}

TEST(Events, ASlowClientIsDropped) {
  Streams streams;
  const TestServer server(eventsOf(streams, 100'000));
  RawClient slow = listenTo(server);
  RawClient quick = listenTo(server);
  const auto stream = streams.all().at(0);
  const Event event{.data = std::string(10'000, 'x')};
  // What the kernel keeps for it, then the queue: then it is gone, and nobody has waited for it.
  while (stream->push(event)) std::this_thread::yield();
  EXPECT_TRUE(stream->isDropped());
  server.waitUntil([](const ServerStatus& status) { return status.connections == 1; });
  EXPECT_TRUE(streams.all().at(1)->push({.data = "still here"}));
  EXPECT_TRUE(quick.readUntil("data: still here\n\n"));
}

TEST(Events, HeadAnswersWithoutAStream) {
  Streams streams;
  const TestServer server(eventsOf(streams));
  RawClient client = server.connect();
  client.send(request("HEAD", "/events"));
  EXPECT_EQ(client.readReply(true).status, 200);
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(streams.all().at(0)->isOpen());
}

TEST(Events, EndWhenTheServerStops) {
  Streams streams;
  TestServer server(eventsOf(streams));
  RawClient client = listenTo(server);
  streams.all().at(0)->push({.data = "goodbye"});
  server->stop(std::chrono::hours(1));
  EXPECT_EQ(client.readAll(), "data: goodbye\n\n");
  EXPECT_FALSE(streams.all().at(0)->push({.data = "x"}));
}

}  // namespace
}  // namespace enamel::http
