// What well-behaved clients see.

#include "http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/testing/gate.h"
#include "http/problem.h"
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

TEST(Server, AnswersWithWhatTheHandlerReturns) {
  Router router;
  router.get("/items/{name}", [](const Request& asked) {
    return Response::json(asked.method + " " + asked.path + " " + asked.parameter("name") + " " +
                          *asked.query.find("q") + " " + *asked.headers.find("x-tag") + " " +
                          asked.client_address + (asked.tls ? " tls" : " plain"));
  });
  const TestServer server(std::move(router));
  const RawReply reply = server.ask(request("GET", "/items/a%20b?q=1+2", "X-Tag: t\r\n"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "GET /items/a b a b 1 2 t 127.0.0.1 plain");
  EXPECT_EQ(*reply.headers.find("Content-Type"), "application/json");
}

TEST(Server, SetsWhatKeepsBrowsersSafe) {
  ServerOptions options;
  options.decorate = [](Headers& headers) { headers.set("Content-Security-Policy", "default-src 'self'"); };
  Router router = echo();
  router.get("/cached", [](const Request&) {
    Response response = Response::text("x");
    response.headers.set("Cache-Control", "max-age=5");
    return response;
  });
  const TestServer server(std::move(router), std::move(options));
  for (const char* path : {"/hello", "/nothing"}) {
    const RawReply reply = server.ask(request("GET", path));
    EXPECT_EQ(*reply.headers.find("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(*reply.headers.find("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(*reply.headers.find("Cache-Control"), "no-store");
    EXPECT_EQ(*reply.headers.find("Content-Security-Policy"), "default-src 'self'");
    EXPECT_FALSE(reply.headers.contains("Server"));
    EXPECT_TRUE(reply.headers.contains("Date"));
  }
  EXPECT_EQ(*server.ask(request("GET", "/cached")).headers.find("Cache-Control"), "max-age=5");
}

TEST(Server, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  const TestServer server(echo());
  RawClient client = server.connect();
  client.send(request("GET", "/hello") + request("POST", "/echo", {}, "one") + request("HEAD", "/hello") +
              request("POST", "/echo", {}, "two"));
  EXPECT_EQ(client.readReply().body, "hello");
  EXPECT_EQ(client.readReply().body, "one");
  const RawReply head = client.readReply(true);
  EXPECT_EQ(*head.headers.find("Content-Length"), "5");
  EXPECT_EQ(client.readReply().body, "two");
  EXPECT_EQ(client.ask(request("GET", "/hello", "Connection: close\r\n")).body, "hello");
  EXPECT_TRUE(client.ended());
}

TEST(Server, Http10ClosesUnlessAskedNotTo) {
  const TestServer server(echo());
  RawClient once = server.connect();
  EXPECT_EQ(once.ask("GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n").body, "hello");
  EXPECT_TRUE(once.ended());
  RawClient kept = server.connect();
  const std::string keep = "GET /hello HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";
  EXPECT_EQ(kept.ask(keep).body, "hello");
  EXPECT_EQ(kept.ask(keep).body, "hello");
}

TEST(Server, SaysWhatThereIsNotAndWhatIsAllowed) {
  const TestServer server(echo());
  const RawReply nothing = server.ask(request("GET", "/nothing"));
  EXPECT_EQ(nothing.status, 404);
  EXPECT_EQ(*nothing.headers.find("Content-Type"), "application/problem+json");
  const RawReply wrong = server.ask(request("DELETE", "/hello"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(*wrong.headers.find("Allow"), "GET, HEAD, OPTIONS");
  const RawReply options = server.ask(request("OPTIONS", "/echo"));
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(*options.headers.find("Allow"), "OPTIONS, POST");
  EXPECT_FALSE(options.headers.contains("Access-Control-Allow-Origin"));
  EXPECT_EQ(server.ask(request("GET", "/a/../hello")).status, 400);
  EXPECT_EQ(server.ask(request("GET", "http://localhost/hello")).status, 400);
  EXPECT_EQ(server.ask("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 400);
}

TEST(Server, AnswersOnlyToItsOwnNames) {
  ServerOptions options;
  options.host_names = {"enamel.practice", "127.0.0.1", "::1"};
  const TestServer server(echo(), options);
  const auto statusFor = [&server](const std::string& host) {
    return server.ask("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  EXPECT_EQ(statusFor("enamel.practice"), 200);
  EXPECT_EQ(statusFor("Enamel.Practice:8443"), 200);
  EXPECT_EQ(statusFor("127.0.0.1:1"), 200);
  EXPECT_EQ(statusFor("[::1]:1"), 200);
  for (const char* host : {"evil.example", "localhost", "enamel.practice.evil.example", "enamel.practice:x",
                           "[::1", "", "enamel.practice:1:2", "[::1]x"})
    EXPECT_EQ(statusFor(host), 421) << host;
}

TEST(Server, WhatHandlersThrowBecomesAProblem) {
  Router router;
  router.get("/problem", [](const Request&) -> Response {
    Problem problem(429, "slow down", "lockout", "wait a minute");
    problem.headers().set("Retry-After", "60");
    throw problem;
  });
  router.get("/error",
             [](const Request&) -> Response { throw Error(ErrorCode::kRepositoryLocked, "held by x"); });
  router.get("/internal", [](const Request&) -> Response { throw Error(ErrorCode::kInternal, "insides"); });
  router.get("/other/{x}", [](const Request&) -> Response { throw std::runtime_error("insides"); });
  router.get("/odd", [](const Request&) -> Response { throw 5; });
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  const RawReply problem = client.ask(request("GET", "/problem"));
  EXPECT_EQ(problem.status, 429);
  EXPECT_EQ(*problem.headers.find("Retry-After"), "60");
  EXPECT_NE(problem.body.find("wait a minute"), std::string::npos);
  const RawReply error = client.ask(request("GET", "/error"));
  EXPECT_EQ(error.status, 409);
  EXPECT_NE(error.body.find(R"("code":"repository_locked")"), std::string::npos) << error.body;
  for (const char* path : {"/internal", "/other/a%0Ab?secret=1", "/odd"}) {
    const RawReply reply = client.ask(request("GET", path));
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.body.find("insides"), std::string::npos);
  }
  const std::string log = server.logged();
  EXPECT_NE(log.find("GET /internal: insides\n"), std::string::npos) << log;
  EXPECT_NE(log.find("GET /other/a\\nb: insides\n"), std::string::npos) << log;
  EXPECT_EQ(log.find("secret"), std::string::npos);
}

TEST(Server, TheFilterSeesEachRequestFirst) {
  ServerOptions options;
  options.filter = [](Request& asked) -> std::optional<Response> {
    if (asked.cookies().empty()) throw Problem(401, "sign in");
    if (asked.cookies().front().value == "old") return Response::text("expired", 403);
    asked.context = std::string("user " + asked.cookies().front().value);
    return std::nullopt;
  };
  Router router;
  std::atomic<int> calls{0};
  router.get("/who", [&calls](const Request& asked) {
    ++calls;
    return Response::text(std::any_cast<std::string>(asked.context));
  });
  const TestServer server(std::move(router), std::move(options));
  EXPECT_EQ(server.ask(request("GET", "/who")).status, 401);
  EXPECT_EQ(server.ask(request("GET", "/who", "Cookie: s=old\r\n")).body, "expired");
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(server.ask(request("GET", "/who", "Cookie: s=tom\r\n")).body, "user tom");
}

TEST(Server, HandlersRunAtTheSameTimeAndNoMoreOfThemThanWorkers) {
  Gate gate, both;
  std::atomic<int> running{0};
  Router router;
  router.get("/wait", [&](const Request&) {
    if (++running == 2) both.open();
    gate.pass();
    return Response::text("done");
  });
  ServerOptions options;
  options.workers = 2;
  options.queue_max = 1;
  const TestServer server(std::move(router), options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    clients.back().send(request("GET", "/wait"));
    server.waitUntil([i](const ServerStatus& status) { return status.requests == std::size_t(i) + 1; });
  }
  both.pass();
  const RawReply refused = server.ask(request("GET", "/wait"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(*refused.headers.find("Retry-After"), "1");
  EXPECT_EQ(running, 2) << "the third waits for a worker";
  gate.open();
  for (RawClient& client : clients) EXPECT_EQ(client.readReply().body, "done");
}

TEST(Server, StoppingLetsRequestsAtWorkEnd) {
  Gate begun, gate;
  Router router = echo();
  router.get("/wait", [&](const Request&) {
    begun.open();
    gate.pass();
    return Response::text("done");
  });
  TestServer server(std::move(router));
  RawClient idle = server.connect();
  EXPECT_EQ(idle.ask(request("GET", "/hello")).body, "hello");
  RawClient busy = server.connect();
  busy.send(request("GET", "/wait"));
  begun.pass();
  std::thread stopper([&server] { server->stop(std::chrono::hours(1)); });
  EXPECT_TRUE(idle.ended()) << "idle connections are closed at once";
  gate.open();
  const RawReply reply = busy.readReply();
  EXPECT_EQ(reply.body, "done");
  EXPECT_EQ(*reply.headers.find("Connection"), "close");
  stopper.join();
  EXPECT_THROW(RawClient(server->port()), Error);
  EXPECT_EQ(server->status().connections, 0U);
  server->stop(std::chrono::hours(1));
}

TEST(Server, WithoutGraceConnectionsAreCut) {
  Gate begun;
  Router router;
  std::atomic<int> code{-1};
  router.add({.method = "POST",
              .pattern = "/upload",
              .handler =
                  [&](const Request& asked) {
                    begun.open();
                    Bytes buffer(100);
                    try {
                      while (asked.body_stream->read(buffer) != 0) {
                      }
                    } catch (const Error& error) {
                      code = static_cast<int>(error.code());
                      throw;
                    }
                    return Response::noContent();
                  },
              .streams_body = true});
  TestServer server(std::move(router));
  RawClient client = server.connect();
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc");
  begun.pass();
  server->stop(std::chrono::milliseconds(0));
  EXPECT_EQ(code, static_cast<int>(ErrorCode::kCancelled));
  EXPECT_TRUE(client.ended());
}

TEST(Server, TellsWhyItCannotStart) {
  EXPECT_THROW(Server({.address = "localhost"}, {}), Error);
  EXPECT_THROW(Server({.workers = 0}, {}), Error);
  TestServer first(echo());
  Server second({.port = first->port()}, {});
  try {
    second.start();
    FAIL() << "two servers at one port";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("port " + std::to_string(first->port())), std::string::npos);
  }
  Server with_tls({.tls = TlsFiles{.certificate_chain_file = "/nowhere/c", .private_key_file = "/nowhere/k"}},
                  {});
  try {
    with_tls.start();
    FAIL() << "no certificate";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/c"), std::string::npos);
  }
}

TEST(Server, KnowsItsUrl) {
  TestServer server(echo());
  EXPECT_EQ(server->url(), "http://127.0.0.1:" + std::to_string(server->port()));
}

}  // namespace
}  // namespace enamel::http
