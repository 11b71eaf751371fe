// TLS: the server with our own client, and with clients that speak something else.

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "base/file.h"
#include "http/client.h"
#include "http/testing/certificate.h"
#include "http/testing/test_server.h"

namespace enamel::http {
namespace {

using testing::RawClient;
using testing::request;
using testing::TestCertificate;
using testing::TestServer;

class Tls : public ::testing::Test {
 protected:
  ServerOptions options() {
    return {.tls = TlsFiles{.certificate_chain_file = certificate_.certificate_file,
                            .private_key_file = certificate_.key_file}};
  }
  static Router hello() {
    Router router;
    router.get("/hello", [](const Request& asked) { return Response::text(asked.tls ? "by TLS" : "plain"); });
    router.add({"POST", "/echo", [](const Request& asked) { return Response::text(asked.body); }});
    return router;
  }

  const TempDirectory folder_{"enamel-http-"};
  const TestCertificate certificate_{folder_.path()};
};

TEST_F(Tls, CarriesRequestsAndAnswers) {
  TestServer server(hello(), options());
  Client client({.ca_file = certificate_.certificate_file});
  EXPECT_EQ(client.send({.url = server->url() + "/hello"}).body, "by TLS");
  const std::string body(900'000, 'x');
  EXPECT_EQ(client.send({.method = "POST", .url = server->url() + "/echo", .body = body}).body, body);
  EXPECT_EQ(client.send({.url = server->url() + "/hello"}).body, "by TLS");
  EXPECT_EQ(server->status().connections, 1U) << "one connection was enough";
}

TEST_F(Tls, AClientTrustsNobodyItDoesNotKnow) {
  TestServer server(hello(), options());
  Client stranger;
  try {
    stranger.send({.url = server->url() + "/hello"});
    FAIL() << "a certificate of nobody was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnreachable);
    EXPECT_NE(error.hint().find("not trusted"), std::string::npos) << error.what();
  }
  // The right certificate under a name that is not in it.
  Client client({.ca_file = certificate_.certificate_file});
  EXPECT_THROW(client.send({.url = "https://127.0.0.2:" + std::to_string(server->port()) + "/hello"}), Error);
}

TEST_F(Tls, ClientsThatSpeakPlainlyOrSayNothingAreLetGo) {
  ServerOptions slow = options();
  slow.head_time = std::chrono::milliseconds(50);
  const TestServer server(hello(), slow);
  RawClient plain = server.connect();
  plain.send(request("GET", "/hello"));
  EXPECT_EQ(plain.readAll().find("by TLS"), std::string::npos);
  RawClient silent = server.connect();
  EXPECT_TRUE(silent.ended());
  RawClient half = server.connect();
  half.send("\x16\x03\x01\x02");
  EXPECT_TRUE(half.ended());
  RawClient gone = server.connect();
  gone.send("\x16\x03\x01\x02");
  gone.reset();
  server.waitUntil([](const ServerStatus& status) { return status.connections == 0; });
}

TEST_F(Tls, EventsAndStreamsToo) {
  Router router;
  const auto stream = EventStream::make();
  router.get("/events", [&stream](const Request&) { return Response::events(stream); });
  router.get("/stream", [](const Request&) {
    return Response::stream("text/plain", [](BodyWriter& out) {
      for (int i = 0; i < 100'000; ++i) out.write("0123456789");
    });
  });
  TestServer server(std::move(router), options());
  Client client({.ca_file = certificate_.certificate_file});
  EXPECT_EQ(client.send({.url = server->url() + "/stream"}).body.size(), 1'000'000U);
  stream->push({.data = "early"});
  ClientRequest listen{.url = server->url() + "/events"};
  std::string heard;
  listen.sink = [&](ByteView data) {
    heard += asText(data);
    if (heard.find("early") != std::string::npos && stream->isOpen()) {
      stream->push({.data = "late"});
      stream->close();
    }
  };
  client.send(listen);
  EXPECT_EQ(heard, "data: early\n\ndata: late\n\n");
}

TEST_F(Tls, ACertificateAndAnotherKeyAreRefused) {
  const TempDirectory other("enamel-http-");
  const TestCertificate another(other.path());
  ServerOptions mixed = options();
  mixed.tls->private_key_file = another.key_file;
  Server server(mixed, hello());
  try {
    server.start();
    FAIL() << "a key that does not belong to the certificate";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(another.key_file), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enamel::http
