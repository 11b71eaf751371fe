// Bodies that are too large for memory, in both directions, and files.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/testing/gate.h"
#include "http/file_response.h"
#include "http/problem.h"
#include "http/testing/test_server.h"

namespace enamel::http {
namespace {

using testing::RawClient;
using testing::RawReply;
using testing::request;
using testing::TestServer;

Route upload(Handler handler, std::uint64_t bytes_max = 1U << 30) {
  return {.method = "PUT",
          .pattern = "/upload",
          .handler = std::move(handler),
          .body_bytes_max = bytes_max,
          .streams_body = true};
}

// Reads all of it; how many bytes, and their sum.
std::string drain(const Request& asked) {
  Bytes buffer(10'000);
  std::uint64_t count = 0, sum = 0;
  while (const std::size_t got = asked.body_stream->read(buffer)) {
    count += got;
    for (std::size_t i = 0; i < got; ++i) sum += buffer[i];
  }
  EXPECT_EQ(asked.body_stream->read(buffer), 0U) << "the end stays the end";
  return std::to_string(count) + " " + std::to_string(sum);
}

TEST(Upload, IsPulledByTheHandler) {
  Router router;
  router.add(upload([](const Request& asked) {
    EXPECT_TRUE(asked.body.empty());
    return Response::text(drain(asked));
  }));
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(request("PUT", "/upload", {}, std::string(5'000'000, '\1'))).body, "5000000 5000000");
  client.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) client.send("3e8\r\n" + std::string(1000, '\2') + "\r\n");
  EXPECT_EQ(client.ask("0\r\n\r\n").body, "100000 200000");
  EXPECT_EQ(client.ask("PUT /upload HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "0 0") << "no body at all";
}

TEST(Upload, AsksForTheBodyOnlyWhenTheHandlerDoes) {
  Router router;
  router.add(upload([](const Request& asked) -> Response {
    if (asked.query.find("refuse") != nullptr) throw Problem(403, "not you");
    return Response::text(drain(asked));
  }));
  const TestServer server(std::move(router));
  const std::string lines = "Expect: 100-continue\r\nContent-Length: 3\r\n";
  RawClient refused = server.connect();
  EXPECT_EQ(refused.ask(request("PUT", "/upload?refuse", lines)).status, 403);
  EXPECT_TRUE(refused.ended());
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(request("PUT", "/upload", lines)).status, 100);
  EXPECT_EQ(client.ask("\1\1\1").body, "3 3");
}

TEST(Upload, PastItsLimitIsAProblemAlsoWhereItsLengthWasNotSaid) {
  Router router;
  router.add(upload([](const Request& asked) { return Response::text(drain(asked)); }, 1000));
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  client.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
              std::string(2000, 'x') + "\r\n");
  EXPECT_EQ(client.readReply().status, 413);
  EXPECT_TRUE(client.ended());
}

TEST(Upload, AHandlerHearsThatItsClientIsGone) {
  std::atomic<int> code{-1};
  Gate begun;
  Router router;
  router.add(upload([&](const Request& asked) -> Response {
    begun.open();
    try {
      return Response::text(drain(asked));
    } catch (const Error& error) {
      code = static_cast<int>(error.code());
      throw;
    }
  }));
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  client.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc");
  begun.pass();
  client.reset();
  server.waitUntil([](const ServerStatus& status) { return status.connections == 0; });
  EXPECT_EQ(code, static_cast<int>(ErrorCode::kCancelled));
}

TEST(Upload, ABodyThatIsNotReadEndsTheConnection) {
  Router router;
  router.add(upload([](const Request&) { return Response::text("no, thanks"); }));
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  client.send(request("PUT", "/upload", {}, std::string(500'000, 'x')));
  EXPECT_EQ(client.readReply().body, "no, thanks");
  EXPECT_TRUE(client.ended());
}

TEST(Download, IsWrittenByTheHandler) {
  Router router;
  router.get("/stream", [](const Request&) {
    return Response::stream("text/plain", [](BodyWriter& out) {
      for (int i = 0; i < 10'000; ++i) out.write("0123456789");
    });
  });
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  for (int round = 0; round < 2; ++round) {
    const RawReply reply = client.ask(request("GET", "/stream"));
    EXPECT_TRUE(reply.chunked && reply.whole);
    EXPECT_EQ(reply.body.size(), 100'000U);
  }
  client.send(request("HEAD", "/stream"));
  EXPECT_EQ(client.readReply(true).status, 200);
  EXPECT_EQ(client.ask(request("GET", "/stream")).body.size(), 100'000U);
  EXPECT_EQ(server.ask("GET /stream HTTP/1.0\r\nHost: localhost\r\n\r\n").body.size(), 100'000U);
}

TEST(Download, IsSentAsItIsFlushed) {
  Gate gate;
  Router router;
  router.get("/stream", [&gate](const Request&) {
    return Response::stream("text/plain", [&gate](BodyWriter& out) {
      out.write("first");
      out.flush();
      gate.pass();
      out.write("second");
    });
  });
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  client.send(request("GET", "/stream"));
  EXPECT_TRUE(client.readUntil("first"));
  gate.open();
  EXPECT_TRUE(client.readUntil("second"));
}

TEST(Download, ThatFailsIsCutOff) {
  Router router;
  router.get("/stream", [](const Request&) {
    return Response::stream("text/plain", [](BodyWriter& out) {
      out.write("half");
      out.flush();
      throw Error(ErrorCode::kIo, "the disk is gone");
    });
  });
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  EXPECT_FALSE(client.ask(request("GET", "/stream")).whole);
  server.waitUntil([](const ServerStatus& status) { return status.connections == 0; });
  EXPECT_NE(server.logged().find("the disk is gone"), std::string::npos);
}

TEST(Download, WaitsForItsClientAndHearsThatItIsGone) {
  std::atomic<std::uint64_t> written{0};
  std::atomic<int> code{-1};
  Gate begun;
  Router router;
  router.get("/endless", [&](const Request&) {
    return Response::stream("text/plain", [&](BodyWriter& out) {
      begun.open();
      try {
        for (;;) {
          out.write(std::string_view("0123456789"));
          written += 10;
        }
      } catch (const Error& error) {
        code = static_cast<int>(error.code());
        throw;
      }
    });
  });
  ServerOptions options;
  options.idle_time = std::chrono::milliseconds(300);
  const TestServer server(std::move(router), options);
  RawClient client = server.connect();
  client.takeLittle();
  client.send(request("GET", "/endless"));
  // It takes nothing from here on: the writer is held up, then told to give up.
  begun.pass();
  server.waitUntil([](const ServerStatus& status) { return status.connections == 0; });
  EXPECT_EQ(code, static_cast<int>(ErrorCode::kCancelled));
  EXPECT_LT(written, 64U << 20) << "what the kernel keeps, no more";
}

class FileDownload : public ::testing::Test {
 protected:
  FileDownload() {
    for (int i = 0; i < 100'000; ++i) content_ += "line " + std::to_string(i) + "\n";
    const ByteView data = asBytes(content_);
    writeFileDurably(folder_.path() / "file", std::span(&data, 1));
  }

  TestServer serve() {
    Router router;
    router.get("/file",
               [path = (folder_.path() / "file").string(), size = content_.size()](const Request& asked) {
                 return fileResponse(asked, {.file = openFile(path, O_RDONLY),
                                             .size = size,
                                             .content_type = "text/plain",
                                             .etag = "\"tag\"",
                                             .modified_seconds = 784'111'777});
               });
    return TestServer(std::move(router));
  }

  const TempDirectory folder_{"enamel-http-"};
  std::string content_;
};

TEST_F(FileDownload, WholeAndInParts) {
  const TestServer server = serve();
  RawClient client = server.connect();
  EXPECT_EQ(client.ask(request("GET", "/file")).body, content_);
  const RawReply part = client.ask(request("GET", "/file", "Range: bytes=700000-\r\n"));
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, content_.substr(700'000));
  EXPECT_EQ(*part.headers.find("Content-Range"),
            "bytes 700000-" + std::to_string(content_.size() - 1) + "/" + std::to_string(content_.size()));
  EXPECT_EQ(client.ask(request("GET", "/file", "Range: bytes=-5\r\n")).body,
            content_.substr(content_.size() - 5));
  const RawReply past = client.ask(request("GET", "/file", "Range: bytes=99999999-\r\n"));
  EXPECT_EQ(past.status, 416);
  EXPECT_EQ(*past.headers.find("Content-Range"), "bytes */" + std::to_string(content_.size()));
  client.send(request("HEAD", "/file"));
  EXPECT_EQ(*client.readReply(true).headers.find("Content-Length"), std::to_string(content_.size()));
}

TEST_F(FileDownload, NotWhatTheClientHas) {
  const TestServer server = serve();
  RawClient client = server.connect();
  const auto status = [&client](const std::string& lines) {
    return client.ask(request("GET", "/file", lines)).status;
  };
  EXPECT_EQ(status("If-None-Match: \"tag\"\r\n"), 304);
  EXPECT_EQ(status("If-None-Match: \"x\", W/\"tag\"\r\n"), 304);
  EXPECT_EQ(status("If-None-Match: *\r\n"), 304);
  EXPECT_EQ(status("If-None-Match: \"other\"\r\n"), 200);
  EXPECT_EQ(status("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 304);
  EXPECT_EQ(status("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n"), 200);
  EXPECT_EQ(status("If-None-Match: \"other\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 200);
  EXPECT_EQ(status("Range: bytes=0-4\r\nIf-Range: \"tag\"\r\n"), 206);
  EXPECT_EQ(status("Range: bytes=0-4\r\nIf-Range: \"other\"\r\n"), 200);
  EXPECT_EQ(status("Range: bytes=0-4\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), 206);
}

TEST_F(FileDownload, ThatBecomesShorterIsCutOff) {
  Router router;
  router.get(
      "/file", [path = (folder_.path() / "file").string(), size = content_.size()](const Request& asked) {
        return fileResponse(
            asked, {.file = openFile(path, O_RDONLY), .size = size + 10, .content_type = "text/plain"});
      });
  const TestServer server(std::move(router));
  RawClient client = server.connect();
  EXPECT_FALSE(client.ask(request("GET", "/file")).whole);
}

}  // namespace
}  // namespace enamel::http
