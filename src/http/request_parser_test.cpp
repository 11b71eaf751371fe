#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "http/internal/request_parser.h"
#include "http/problem.h"

namespace enamel::http {
namespace {

struct Parsed {
  RequestHead head;
  std::string body;
  std::string rest;  // after the request
};

// Feeds text in pieces of that size, as a connection would, and takes the body in pieces of out_bytes.
Parsed parse(const std::string& text, std::size_t piece, std::size_t out_bytes = 7) {
  RequestParser parser(4096);
  std::string waiting;
  std::size_t at = 0;
  Parsed parsed;
  Bytes out(out_bytes);
  while (at < text.size() || !waiting.empty()) {
    const bool more = at < text.size();
    waiting += text.substr(at, piece);
    at += std::min(piece, text.size() - at);
    if (!parser.headDone()) {
      waiting.erase(0, parser.parseHead(waiting));
      if (!parser.headDone()) continue;
    }
    while (!parser.done()) {
      const auto step = parser.parseBody(waiting, out);
      waiting.erase(0, step.used);
      parsed.body += asText(ByteView(out).first(step.written));
      if (step.used == 0 && step.written == 0) break;
    }
    if (parser.done()) break;
    if (!more) break;
  }
  RC_ASSERT(parser.done());
  parsed.head = parser.head();
  parsed.rest = waiting + text.substr(at);
  return parsed;
}

int refusal(const std::string& text) {
  RequestParser parser(4096);
  try {
    parser.parseHead(text);
  } catch (const Problem& problem) {
    return problem.status();
  }
  return 0;
}

TEST(RequestParser, ReadsTheHead) {
  RequestParser parser(4096);
  const std::string text =
      "POST /a?b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\nX:  a b "
      "\t\r\n\r\nabcGET";
  EXPECT_EQ(parser.parseHead(text), text.size() - 6);
  ASSERT_TRUE(parser.headDone());
  EXPECT_EQ(parser.head().method, "POST");
  EXPECT_EQ(parser.head().target, "/a?b");
  EXPECT_EQ(*parser.head().headers.find("X"), "a b");
  EXPECT_TRUE(parser.head().http11 && parser.head().keep_alive && parser.head().expects_continue);
  EXPECT_EQ(parser.head().content_length, 3U);
  EXPECT_FALSE(parser.done());
}

TEST(RequestParser, KnowsWhenAConnectionIsToBeKept) {
  for (const auto& [text, kept] : {std::pair{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
                                   {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false},
                                   {"GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n", false},
                                   {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", false},
                                   {"GET / HTTP/1.0\r\nHost: x\r\nConnection: Keep-Alive\r\n\r\n", true}}) {
    RequestParser parser(4096);
    parser.parseHead(text);
    ASSERT_TRUE(parser.done()) << text;
    EXPECT_EQ(parser.head().keep_alive, kept) << text;
  }
}

TEST(RequestParser, SaysWhichPartIsTooLong) {
  EXPECT_EQ(refusal("GET /" + std::string(5000, 'x')), 414);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(5000, 'x')), 431);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n"), 0);
}

RC_GTEST_PROP(RequestParser, PiecesOfAnySizeGiveTheSame, ()) {
  const auto chunks = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::arbitrary<char>())));
  std::string body, text = "PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& chunk : chunks) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx", chunk.size());
    text += std::string(size) + "\r\n" + chunk + "\r\n";
    body += chunk;
  }
  text += "0\r\n\r\nREST";
  const auto piece = *rc::gen::inRange<std::size_t>(1, 40);
  const auto out_bytes = *rc::gen::inRange<std::size_t>(1, 40);
  const Parsed parsed = parse(text, piece, out_bytes);
  RC_ASSERT(parsed.body == body);
  RC_ASSERT(parsed.rest == "REST");
}

}  // namespace
}  // namespace enamel::http
