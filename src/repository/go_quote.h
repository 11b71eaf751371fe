#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace enamel::repository {

// restic stores names as Go's strconv.Quote writes them, without the outer quotes: names may be any bytes,
// JSON holds only UTF-8. The result is ASCII control free, valid UTF-8.
std::string goQuote(std::string_view raw);

// The raw bytes; nullopt if text is not what strconv.Unquote accepts.
std::optional<std::string> goUnquote(std::string_view text);

// Length of the valid UTF-8 sequence at the start of text (shortest form, no surrogates), 0 if there is none.
std::size_t utf8SequenceLength(std::string_view text);
bool isUtf8(std::string_view text);

}  // namespace enamel::repository
