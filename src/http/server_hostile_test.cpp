// What clients that mean harm, or know no better, are answered with; raw bytes over real sockets.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/testing/test_server.h"

namespace enamel::http {
namespace {

using testing::RawClient;
using testing::RawReply;
using testing::request;
using testing::TestServer;

Router echo() {
  Router router;
  router.get("/hello", [](const Request&) { return Response::text("hello"); });
  router.add({"POST", "/echo", [](const Request& asked) { return Response::text(asked.body); }});
  return router;
}

// Sends the bytes with a sound request behind them: the answer must be the status, and the connection closed
// before anybody takes the second request, which may be part of the first, for one.
void expectRefused(const TestServer& server, const std::string& bytes, int status) {
  RawClient client = server.connect();
  client.send(bytes + request("GET", "/hello"));
  const RawReply reply = client.readReply();
  EXPECT_EQ(reply.status, status) << bytes;
  EXPECT_TRUE(client.ended()) << bytes;
}

TEST(HostileClient, CannotSmuggleARequest) {
  const TestServer server(echo());
  const std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
  for (const char* lines :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", "Content-Length: 5, 5\r\n\r\nabcde",
        "Content-Length: +5\r\n\r\nabcde", "Content-Length: -1\r\n\r\n", "Content-Length: 0x5\r\n\r\nabcde",
        "Content-Length: 99999999999999999999999\r\n\r\n", "Content-Length:\r\n\r\n",
        "Content-Length : 5\r\n\r\nabcde", " Content-Length: 5\r\n\r\nabcde",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Host: localhost\r\n\r\n", "Host: evil.example\r\n\r\n", "X: a\rb\r\n\r\n",
        "X: a\nContent-Length: 5\r\n\r\nabcde", "X\r\n\r\n", ": x\r\n\r\n"})
    expectRefused(server, post + lines, 400);
  for (const char* coding : {"gzip", "gzip, chunked", "chunked, identity", "xchunked"})
    expectRefused(server, post + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n", 501);
  expectRefused(server,
                "POST /echo HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
}

TEST(HostileClient, BadChunksEndTheConnection) {
  const TestServer server(echo());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string chunks :
       {"x\r\n", "-1\r\nabc\r\n", "0x3\r\nabc\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nabc", " 3\r\nabc\r\n0\r\n\r\n", "3 x\r\nabc\r\n0\r\n\r\n", "\r\n",
        "3;\x01\r\nabc\r\n0\r\n\r\n"})
    expectRefused(server, head + chunks, 400);
  expectRefused(server, head + "3;" + std::string(100'000, 'x'), 400);
  expectRefused(server, head + "0\r\n" + std::string(100'000, 'x'), 400);
}

TEST(HostileClient, WellFormedChunksInAnyPiecesAreOneBody) {
  const TestServer server(echo());
  RawClient client = server.connect();
  const std::string message =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3\r\nabc\r\n00a;name=\"value\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char byte : message) client.send({&byte, 1});
  EXPECT_EQ(client.readReply().body, "abc0123456789");
  EXPECT_EQ(client.ask(request("GET", "/hello")).body, "hello") << "the next request begins where it should";
}

TEST(HostileClient, FirstLinesThatAreNoneAreRefused) {
  const TestServer server(echo());
  for (const char* line :
       {"GET  /hello HTTP/1.1\r\n", "GET /hello\r\n", "\x16\x03\x01\x02\r\n", "GET /hello HTTP/1.1\n",
        "G@T /hello HTTP/1.1\r\n", " GET /hello HTTP/1.1\r\n", "GET\t/hello HTTP/1.1\r\n"}) {
    RawClient client = server.connect();
    const int status = client.ask(std::string(line) + "Host: localhost\r\n\r\n").status;
    EXPECT_TRUE(status == 400 || status == 505) << line << status;
    EXPECT_TRUE(client.ended());
  }
  for (const char* version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "http/1.1", "HTTP/11"})
    expectRefused(server, std::string("GET /hello ") + version + "\r\nHost: localhost\r\n\r\n", 505);
  expectRefused(server, "GET /hello HTTP/1.1\r\n\r\n", 400);  // no Host
}

TEST(HostileClient, HeadsAreLimited) {
  ServerOptions options;
  options.head_bytes_max = 2000;
  const TestServer server(echo(), options);
  expectRefused(server, "GET /" + std::string(3000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
  expectRefused(server, "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(3000, 'a') + "\r\n\r\n",
                431);
  std::string many;
  for (int i = 0; i < 500; ++i) many += "X: a\r\n";
  expectRefused(server, "GET /hello HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n", 431);
  EXPECT_EQ(server.ask(request("GET", "/hello", "X: " + std::string(1800, 'a') + "\r\n")).status, 200);
}

TEST(HostileClient, FieldsAreCounted) {
  const TestServer server(echo());
  std::string many;
  for (int i = 0; i < 200; ++i) many += "X: a\r\n";
  expectRefused(server, "GET /hello HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n", 431);
}

TEST(HostileClient, BodiesAreLimited) {
  Router router = echo();
  router.add(
      {.method = "POST",
       .pattern = "/large",
       .handler = [](const Request& asked) { return Response::text(std::to_string(asked.body.size())); },
       .body_bytes_max = 2000});
  ServerOptions options;
  options.body_bytes_max = 1000;
  const TestServer server(std::move(router), options);
  EXPECT_EQ(server.ask(request("POST", "/echo", {}, std::string(1000, 'x'))).status, 200);
  expectRefused(server, request("POST", "/echo", {}, std::string(1001, 'x')), 413);
  EXPECT_EQ(server.ask(request("POST", "/large", {}, std::string(2000, 'x'))).body, "2000");
  expectRefused(server, request("POST", "/large", {}, std::string(2001, 'x')), 413);
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  expectRefused(server, chunked + "3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n", 413);
}

TEST(HostileClient, ABodyNobodyAskedForEndsTheConnection) {
  const TestServer server(echo());
  RawClient client = server.connect();
  client.send(request("POST", "/nothing", {}, request("GET", "/hello")));
  EXPECT_EQ(client.readReply().status, 404);
  EXPECT_TRUE(client.ended()) << "the body must not be taken for a request";
}

TEST(HostileClient, SlowHeadsAreTimedOut) {
  ServerOptions options;
  // Long enough for what is sent below to come at all on a machine with other things to do.
  options.head_time = std::chrono::milliseconds(1000);
  const TestServer server(echo(), options);
  RawClient slow = server.connect();
  slow.send("GET /hello HTTP/1.1\r\nHost: local");
  EXPECT_EQ(slow.readReply().status, 408);
  EXPECT_TRUE(slow.ended());
  RawClient silent = server.connect();
  EXPECT_TRUE(silent.ended()) << "who says nothing at all is told nothing";
  server.waitUntil([](const ServerStatus& status) { return status.connections == 0; });
}

TEST(HostileClient, StalledBodiesAndIdleConnectionsAreTimedOut) {
  ServerOptions options;
  options.idle_time = std::chrono::milliseconds(50);
  const TestServer server(echo(), options);
  RawClient stalled = server.connect();
  stalled.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(stalled.readReply().status, 408);
  EXPECT_TRUE(stalled.ended());
  RawClient idle = server.connect();
  EXPECT_EQ(idle.ask(request("GET", "/hello")).status, 200);
  EXPECT_TRUE(idle.ended());
}

TEST(HostileClient, ConnectionsAreLimited) {
  ServerOptions options;
  options.connections_max = 3;
  const TestServer server(echo(), options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    EXPECT_EQ(clients.back().ask(request("GET", "/hello")).status, 200);
  }
  RawClient refused = server.connect();
  EXPECT_EQ(refused.readReply().status, 503);
  EXPECT_TRUE(refused.ended());
  clients.pop_back();
  server.waitUntil([](const ServerStatus& status) { return status.connections == 2; });
  EXPECT_EQ(server.ask(request("GET", "/hello")).status, 200);
}

TEST(HostileClient, ConnectionsOfOneAddressAreLimited) {
  ServerOptions options;
  options.connections_per_address_max = 1;
  const TestServer server(echo(), options);
  RawClient first = server.connect();
  EXPECT_EQ(first.ask(request("GET", "/hello")).status, 200);
  EXPECT_EQ(server.connect().readReply().status, 503);
}

TEST(HostileClient, HalfRequestsAndResetsLeaveNothingBehind) {
  const TestServer server(echo());
  for (const char* half :
       {"", "G", "GET /hello HTTP/1.1\r\nHo",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    RawClient closed = server.connect();
    closed.send(half);
    closed.shutdownSend();
    EXPECT_TRUE(closed.ended()) << half;
    RawClient reset = server.connect();
    reset.send(half);
    reset.reset();
  }
  for (int i = 0; i < 50; ++i) {
    RawClient client = server.connect();
    client.send(request("GET", "/hello"));
    client.reset();
  }
  server.waitUntil(
      [](const ServerStatus& status) { return status.connections == 0 && status.requests == 0; });
  EXPECT_EQ(server.ask(request("GET", "/hello")).status, 200);
}

TEST(HostileClient, AClientThatEndsItsHalfStillGetsItsAnswer) {
  const TestServer server(echo());
  RawClient client = server.connect();
  client.send(request("POST", "/echo", {}, "last words"));
  client.shutdownSend();
  EXPECT_EQ(client.readReply().body, "last words");
}

}  // namespace
}  // namespace enamel::http
