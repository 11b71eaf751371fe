#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace enamel::repository {

// restic stores names as Go's strconv.Quote writes them, without the outer quotes: names may be any bytes,
// JSON holds only UTF-8. The result is valid UTF-8 without anything that does not show.
std::string goQuote(std::string_view raw);

// The raw bytes; nullopt if text is not what strconv.Unquote accepts.
std::optional<std::string> goUnquote(std::string_view text);

// Appends text as a JSON string with its quotes, escaped as Go's json.Marshal does, so that restic writing
// the same value gives the same bytes. Each byte that is not UTF-8 becomes `invalid`.
void appendGoJson(std::string& out, std::string_view text, std::string_view invalid = "\xEF\xBF\xBD");

// Length of the valid UTF-8 sequence at the start of text (shortest form, no surrogates), 0 if there is none.
std::size_t utf8SequenceLength(std::string_view text);
bool isUtf8(std::string_view text);

}  // namespace enamel::repository
