#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/fd.h"
#include "http/request.h"
#include "http/response.h"

namespace enamel::http {

// An open file to answer with.
struct FileContent {
  Fd file;
  std::uint64_t size = 0;
  std::string content_type;
  std::string etag;                              // with its quotes, as strongTag makes it; empty: none
  std::optional<std::int64_t> modified_seconds;  // since 1970-01-01 UTC
};

// "\"text\"". REQUIRES: text holds visible ASCII without quotes.
std::string strongTag(const std::string& text);

// The file, the part of it that Range asks for (206, 416), or 304 where the client has it already:
// If-None-Match, or else If-Modified-Since; If-Range (RFC 9110 sections 13 and 14).
Response fileResponse(const Request& request, FileContent content);

// Whether an If-None-Match field names the tag, by weak comparison; "*" names all.
bool namesTag(std::string_view field, std::string_view etag);

}  // namespace enamel::http
