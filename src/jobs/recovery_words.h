#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::jobs {

// A repository's password as words that a person can read from paper and type: the words themselves, with one
// blank between two, are the password that stock restic asks for. 12 of 2048 words are 132 bits.
inline constexpr std::size_t kRecoveryWords = 12;
std::string randomRecoveryWords();  // a secret

// A password as the parts a person would type, for the kit and for what is asked back from it. Of one without
// blanks, set by hand, it is one part.
std::vector<std::string> wordsOf(std::string_view password);

// Whether a person typed that word, in a time that does not depend on where it differs; white space around it
// does not count, nor the case of a word from the list.
bool isSameWord(std::string_view typed, std::string_view word);

}  // namespace enamel::jobs
