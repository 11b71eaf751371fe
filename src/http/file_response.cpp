#include "http/file_response.h"

#include <utility>

#include "http/date.h"
#include "http/headers.h"
#include "http/range.h"

namespace enamel::http {
namespace {

bool clientHasIt(const Request& request, const FileContent& content) {
  if (const std::string* tags = request.headers.find("If-None-Match"))
    return !content.etag.empty() && namesTag(*tags, content.etag);
  const std::string* since = request.headers.find("If-Modified-Since");
  if (since == nullptr || !content.modified_seconds) return false;
  const auto time = parseHttpDate(*since);
  return time && *content.modified_seconds <= *time;
}

// A client that has a part of something older must not be given the rest of something newer.
bool rangeApplies(const Request& request, const FileContent& content) {
  const std::string* condition = request.headers.find("If-Range");
  if (condition == nullptr) return true;
  if (!content.etag.empty() && *condition == content.etag) return true;
  const auto time = parseHttpDate(*condition);
  return time && content.modified_seconds == time;
}

}  // namespace

std::string strongTag(const std::string& text) {
  return "\"" + text + "\"";
}

bool namesTag(std::string_view field, std::string_view etag) {
  if (trimmed(field) == "*") return true;
  while (!field.empty()) {
    const auto comma = field.find(',');
    std::string_view tag = trimmed(field.substr(0, comma));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
    field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
  }
  return false;
}

Response fileResponse(const Request& request, FileContent content) {
  Response response;
  response.headers.set("Accept-Ranges", "bytes");
  if (!content.etag.empty()) response.headers.set("ETag", content.etag);
  if (content.modified_seconds)
    response.headers.set("Last-Modified", formatHttpDate(*content.modified_seconds));
  if (clientHasIt(request, content)) {
    response.status = 304;
    return response;
  }
  RangeRequest part;
  const std::string* range = request.headers.find("Range");
  if (range != nullptr && request.method == "GET" && rangeApplies(request, content))
    part = parseRange(*range, content.size);
  const std::string size = std::to_string(content.size);
  if (part.kind == RangeKind::kUnsatisfiable) {
    response.status = 416;
    response.headers.set("Content-Range", "bytes */" + size);
    return response;
  }
  response.headers.set("Content-Type", content.content_type);
  if (part.kind == RangeKind::kPart) {
    response.status = 206;
    response.headers.set("Content-Range", "bytes " + std::to_string(part.range.offset) + "-" +
                                              std::to_string(part.range.offset + part.range.size - 1) + "/" +
                                              size);
  } else {
    part.range = {.offset = 0, .size = content.size};
  }
  response.body =
      FileBody{.file = std::move(content.file), .offset = part.range.offset, .size = part.range.size};
  return response;
}

}  // namespace enamel::http
