#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "http/internal/request_parser.h"
#include "http/problem.h"

namespace {

using namespace enamel;

constexpr std::size_t kHeadBytesMax = 512;

struct Outcome {
  int refused = 0;  // the status
  bool done = false;
  std::size_t waiting = 0;  // bytes that the parser did not take yet
  std::string method, target, body;

  // A head without an end is no request yet, and is judged the sooner the more of it comes at once. What ends
  // a chunked body is judged as a whole: its first bytes wait for the others.
  bool isUndecided() const {
    return refused == 0 && !done && (method.empty() || (waiting > 0 && waiting < kLookAhead));
  }
  static constexpr std::size_t kLookAhead = 5;
};

Outcome parse(std::string_view text, std::size_t piece) {
  Outcome outcome;
  http::RequestParser parser(kHeadBytesMax);
  Bytes out(std::min<std::size_t>(piece, 64));
  std::string waiting;
  try {
    while (!text.empty() && !parser.done()) {
      waiting += text.substr(0, piece);
      text.remove_prefix(std::min(piece, text.size()));
      if (!parser.headDone()) {
        const std::size_t used = parser.parseHead(waiting);
        ENAMEL_CHECK(used <= waiting.size());
        waiting.erase(0, used);
      }
      while (parser.headDone() && !parser.done() && !waiting.empty()) {
        const auto step = parser.parseBody(waiting, out);
        ENAMEL_CHECK(step.used <= waiting.size() && step.written <= out.size());
        waiting.erase(0, step.used);
        outcome.body += asText(ByteView(out).first(step.written));
        if (step.used == 0) break;
      }
    }
  } catch (const http::Problem& problem) {
    outcome.refused = problem.status();
    return outcome;
  }
  if (!parser.headDone()) return outcome;
  outcome.done = parser.done();
  outcome.waiting = waiting.size();
  outcome.method = parser.head().method;
  outcome.target = parser.head().target;
  ENAMEL_CHECK(parser.head().headers.count("Host") == 1 || !parser.head().http11);
  ENAMEL_CHECK(!parser.head().content_length || !parser.head().headers.contains("Transfer-Encoding"));
  return outcome;
}

}  // namespace

// The first byte says in which pieces the others come. However they come, the request is the same: a server
// that sees another one than whoever stands before it can be talked past it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = asText({data + 1, size - 1});
  const Outcome whole = parse(text, std::max<std::size_t>(text.size(), 1));
  const Outcome pieces = parse(text, std::size_t{data[0]} + 1);
  if (whole.isUndecided() || pieces.isUndecided()) return 0;
  // What was read before a body turned out bad, and which of several faults is named, depends on the pieces;
  // that it is bad does not.
  ENAMEL_CHECK((whole.refused != 0) == (pieces.refused != 0));
  if (whole.refused != 0) return 0;
  ENAMEL_CHECK(whole.done == pieces.done && whole.target == pieces.target);
  // Of a body that has not ended, the last few bytes may still wait for more.
  ENAMEL_CHECK(whole.done ? whole.body == pieces.body : whole.body.starts_with(pieces.body));
  return 0;
}
