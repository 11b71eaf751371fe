#include "http/client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/testing/gate.h"
#include "http/testing/certificate.h"
#include "http/testing/test_server.h"

namespace enamel::http {
namespace {

using testing::TestServer;

Response echo(const Request& asked) {
  Response response = Response::text(asked.method + " " + asked.body);
  if (const std::string* type = asked.headers.find("Content-Type")) response.headers.set("X-Type", *type);
  if (const std::string* tag = asked.headers.find("X-Tag")) response.headers.set("X-Tag", *tag);
  return response;
}

Response large(const Request&) {
  return Response::stream("text/plain", [](BodyWriter& out) {
    for (int i = 0; i < 100'000; ++i) out.write("0123456789");
  });
}

Router routes() {
  Router router;
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) router.add({method, "/echo", echo});
  router.get("/large", large);
  router.add({.method = "PUT",
              .pattern = "/upload",
              .handler =
                  [](const Request& asked) {
                    Bytes buffer(50'000);
                    std::uint64_t count = 0;
                    while (const std::size_t got = asked.body_stream->read(buffer)) count += got;
                    return Response::text(std::to_string(count) +
                                          (asked.headers.contains("Content-Length") ? " known" : " unknown"));
                  },
              .body_bytes_max = 1U << 30,
              .streams_body = true});
  router.get("/credentials", [](const Request& asked) {
    const std::string* user = asked.headers.find("Authorization");
    const std::string* cookie = asked.headers.find("Cookie");
    return Response::text((user != nullptr ? *user : "none") + " " + (cookie != nullptr ? *cookie : "none"));
  });
  router.get("/to", [](const Request& asked) {
    Response response{.status = 302};
    response.headers.set("Location", *asked.query.find("url"));
    return response;
  });
  return router;
}

ErrorCode failureOf(Client& client, const ClientRequest& request) {
  try {
    client.send(request);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << request.url << " did not fail";
  return ErrorCode::kInternal;
}

TEST(Client, SendsEachMethodWithItsBody) {
  TestServer server(routes());
  Client client;
  const std::string url = server->url() + "/echo";
  EXPECT_EQ(client.send({.url = url}).body, "GET ");
  EXPECT_EQ(client.send({.method = "POST", .url = url, .body = "a"}).body, "POST a");
  EXPECT_EQ(client.send({.method = "POST", .url = url}).body, "POST ");
  EXPECT_EQ(client.send({.method = "PUT", .url = url, .body = std::string("\0\n", 2)}).body,
            std::string("PUT \0\n", 6));
  EXPECT_EQ(client.send({.method = "DELETE", .url = url}).body, "DELETE ");
  EXPECT_EQ(client.send({.method = "PATCH", .url = url, .body = "p"}).body, "PATCH p");
  const ClientResponse head = client.send({.method = "HEAD", .url = url});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(*head.headers.find("content-length"), "5");
  EXPECT_EQ(server->status().connections, 1U) << "one connection was enough";
}

TEST(Client, SendsTheFieldsItIsGivenAndNoInventedOnes) {
  TestServer server(routes());
  Client client;
  const std::string url = server->url() + "/echo";
  const ClientResponse response =
      client.send({.method = "POST", .url = url, .headers = {{"X-Tag", "t"}}, .body = "x"});
  EXPECT_EQ(*response.headers.find("X-Tag"), "t");
  EXPECT_FALSE(response.headers.contains("X-Type")) << "a body is no filled-in form unless it says so";
  const ClientResponse typed = client.send(
      {.method = "POST", .url = url, .headers = {{"Content-Type", "application/json"}}, .body = "{}"});
  EXPECT_EQ(*typed.headers.find("X-Type"), "application/json");
}

TEST(Client, AnyStatusIsAnAnswer) {
  TestServer server(routes());
  Client client;
  const ClientResponse response = client.send({.url = server->url() + "/nothing"});
  EXPECT_EQ(response.status, 404);
  EXPECT_NE(response.body.find("not_found"), std::string::npos);
}

TEST(Client, UploadsFromAReader) {
  TestServer server(routes());
  Client client;
  std::uint64_t left = 0;
  ClientRequest request{.method = "PUT", .url = server->url() + "/upload"};
  request.body_reader = [&left](MutableByteView buffer) {
    const std::size_t count = std::min<std::size_t>(buffer.size(), left);
    std::fill_n(buffer.begin(), count, std::uint8_t('x'));
    left -= count;
    return count;
  };
  left = 20'000'000;
  EXPECT_EQ(client.send(request).body, "20000000 unknown");
  left = 3'000'000;
  request.body_size = left;
  EXPECT_EQ(client.send(request).body, "3000000 known");
  request.body_reader = [](MutableByteView) -> std::size_t { throw std::runtime_error("no more"); };
  EXPECT_THROW(client.send(request), std::runtime_error);
}

TEST(Client, LargeAnswersGoToTheSink) {
  TestServer server(routes());
  Client client;
  std::uint64_t count = 0;
  ClientRequest request{.url = server->url() + "/large"};
  request.sink = [&count](ByteView data) { count += data.size(); };
  EXPECT_EQ(client.send(request).body, "");
  EXPECT_EQ(count, 1'000'000U);
  request.sink = [](ByteView) { throw std::runtime_error("enough"); };
  EXPECT_THROW(client.send(request), std::runtime_error);
  ClientRequest refused{.url = server->url() + "/nothing"};
  refused.sink = [](ByteView) { FAIL() << "an error's text is not what was asked for"; };
  EXPECT_NE(client.send(refused).body, "");
}

TEST(Client, AnswersAreLimited) {
  TestServer server(routes());
  Client client;
  EXPECT_EQ(failureOf(client, {.url = server->url() + "/large", .response_bytes_max = 999'999}),
            ErrorCode::kLimit);
  EXPECT_EQ(client.send({.url = server->url() + "/large", .response_bytes_max = 1'000'000}).body.size(),
            1'000'000U);
}

TEST(Client, NobodyThereIsUnreachable) {
  Client client;
  std::uint16_t port = 0;
  {
    TestServer server(routes());
    port = server->port();
  }
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/x";
  EXPECT_EQ(failureOf(client, {.url = url}), ErrorCode::kUnreachable);
  EXPECT_EQ(failureOf(client, {.url = "http://name.invalid/"}), ErrorCode::kUnreachable);
}

TEST(Client, UrlsThatAreNoneOrOfAnotherKindAreRefused) {
  Client client;
  for (const char* url :
       {"", "http://", "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "http://a b/",
        "http://127.0.0.1:99999/", "http://user:secret@127.0.0.1:x/", "http://127.0.0.1/\r\nX: y"})
    EXPECT_EQ(failureOf(client, {.url = url}), ErrorCode::kUsage) << url;
  EXPECT_EQ(failureOf(client, {.method = "GE T", .url = "http://127.0.0.1/"}), ErrorCode::kUsage);
}

TEST(Client, ErrorsHoldNoPassword) {
  Client client;
  for (const char* url :
       {"http://user:secret@127.0.0.1:1/path?token=secret", "http://user:secret@name.invalid/",
        "http://user:secret@127.0.0.1:notaport/", "ftp://user:secret@127.0.0.1/"}) {
    try {
      client.send({.url = url});
      FAIL() << url;
    } catch (const Error& error) {
      EXPECT_EQ((std::string(error.what()) + error.hint()).find("secret"), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("user:"), std::string::npos) << error.what();
    }
  }
}

TEST(Client, UserAndPasswordInTheUrlAreSent) {
  TestServer server(routes());
  Client client;
  const std::string url = "http://tom:pw@127.0.0.1:" + std::to_string(server->port()) + "/credentials";
  EXPECT_EQ(client.send({.url = url}).body, "Basic dG9tOnB3 none");
}

TEST(Client, FollowsRedirectsOnlyWhenAskedTo) {
  TestServer server(routes());
  Client client;
  const std::string url = server->url() + "/to?url=/echo";
  EXPECT_EQ(client.send({.url = url}).status, 302);
  EXPECT_EQ(client.send({.url = url, .redirects_max = 1}).body, "GET ");
  const std::string twice = server->url() + "/to?url=/to%3Furl%3D/echo";
  EXPECT_EQ(client.send({.url = twice, .redirects_max = 2}).body, "GET ");
  EXPECT_EQ(failureOf(client, {.url = twice, .redirects_max = 1}), ErrorCode::kLimit);
  EXPECT_EQ(failureOf(client, {.url = server->url() + "/to?url=file:///etc/passwd", .redirects_max = 1}),
            ErrorCode::kUsage);
}

TEST(Client, CredentialsAreNotTakenToAnotherOrigin) {
  TestServer server(routes());
  TestServer other(routes());
  Client client;
  const std::string credentials = "tom:pw@127.0.0.1:" + std::to_string(server->port());
  const auto ask = [&](const std::string& target) {
    return client
        .send({.url = "http://" + credentials + "/to?url=" + target,
               .headers = {{"Cookie", "a=b"}},
               .redirects_max = 3})
        .body;
  };
  EXPECT_EQ(ask("/credentials"), "Basic dG9tOnB3 a=b");
  EXPECT_EQ(ask(other->url() + "/credentials"), "none none");
}

TEST(Client, NeverLeavesTlsForPlainText) {
  const TempDirectory folder("enamel-http-");
  const testing::TestCertificate certificate(folder.path());
  ServerOptions options;
  options.tls = TlsFiles{.certificate_chain_file = certificate.certificate_file,
                         .private_key_file = certificate.key_file};
  TestServer secure(routes(), options);
  TestServer plain(routes());
  Client client({.ca_file = certificate.certificate_file});
  EXPECT_EQ(
      client.send({.url = plain->url() + "/to?url=" + secure->url() + "/echo", .redirects_max = 1}).body,
      "GET ");
  EXPECT_EQ(
      failureOf(client, {.url = secure->url() + "/to?url=" + plain->url() + "/echo", .redirects_max = 1}),
      ErrorCode::kUsage);
}

TEST(Client, CanBeCancelledWhileItWaits) {
  Gate begun, gate;
  Router router;
  router.get("/wait", [&](const Request&) {
    begun.open();
    gate.pass();
    return Response::noContent();
  });
  TestServer server(std::move(router));
  Client client;
  CancelToken cancel;
  std::thread canceller([&] {
    begun.pass();
    cancel.cancel();
  });
  try {
    client.send({.url = server->url() + "/wait"}, cancel);
    ADD_FAILURE() << "not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  canceller.join();
  gate.open();
}

TEST(Client, TimesOutAndIsUsableAfterwards) {
  Gate gate;
  Router router = routes();
  router.get("/wait", [&gate](const Request&) {
    gate.pass();
    return Response::noContent();
  });
  TestServer server(std::move(router));
  Client client;
  EXPECT_EQ(failureOf(client, {.url = server->url() + "/wait", .total_time = std::chrono::milliseconds(50)}),
            ErrorCode::kUnreachable);
  gate.open();
  EXPECT_EQ(client.send({.url = server->url() + "/echo"}).body, "GET ");
}

TEST(Client, SeveralThreadsMayUseIt) {
  TestServer server(routes());
  Client client;
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string body = std::to_string(t) + "-" + std::to_string(i);
        if (client.send({.method = "POST", .url = server->url() + "/echo", .body = body}).body ==
            "POST " + body)
          ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 160);
  EXPECT_LE(server->status().connections, 8U) << "connections are used again";
}

}  // namespace
}  // namespace enamel::http
