#include "cli/redact.h"

#include <cstring>
#include <string_view>

namespace enamel::cli {
namespace {

struct Range {
  std::size_t begin = 0, end = 0;
};

// Where the password of "scheme://user:password@..." stands. A password may hold any character, so it goes on
// to the last '@': rather too much than too little.
Range findPassword(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  const std::size_t colon = url.find(':', scheme_end + 3);
  const std::size_t at = url.rfind('@');
  if (colon == std::string_view::npos || at == std::string_view::npos || at < colon) return {};
  return {colon + 1, at};
}

}  // namespace

std::string redactUrls(const std::string& text) {
  std::string result;
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t word_end = std::min(text.find_first_of(" \t\n", position), text.size() - 1) + 1;
    const std::string_view word(text.data() + position, word_end - position);
    if (const Range password = findPassword(word); password.end > password.begin) {
      result.append(word.substr(0, password.begin)).append("***").append(word.substr(password.end));
    } else {
      result.append(word);
    }
    position = word_end;
  }
  return result;
}

void scrubArguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const Range password = findPassword(argv[i]);
    std::memset(argv[i] + password.begin, '*', password.end - password.begin);
  }
}

}  // namespace enamel::cli
