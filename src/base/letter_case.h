#pragma once

#include <string>
#include <string_view>

namespace enamel {

// UTF-8 text with every letter that has one turned into its upper-case letter, character by character, for
// the alphabets of Europe: Latin, Greek, Cyrillic. What has no single upper-case letter (ß), other characters
// and bytes that are not UTF-8 stay. Two names that Windows or a server takes for the same become equal.
std::string upperCase(std::string_view text);

// The bytes of the first character of UTF-8 text; one byte where it is none, empty for an empty text.
std::string_view firstCharacter(std::string_view text);

}  // namespace enamel
