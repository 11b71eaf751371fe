#include "service/administrator.h"

#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/letter_case.h"
#include "base/printable.h"

namespace enamel::service {
namespace {

constexpr std::uint64_t kFileBytesMax = 4096;

// Bytes that begin a character, of UTF-8.
std::size_t characters(ByteView text) {
  std::size_t count = 0;
  for (const std::uint8_t byte : text) count += (byte & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

void Administrator::set(const std::string& name, ByteView password, const crypto::PasswordCost& cost) const {
  if (name.empty() || name.size() > kNameBytesMax || printable(name) != name ||
      name.find(' ') != std::string::npos)
    throw Error(ErrorCode::kUsage, "the name of the local administrator is one word of at most " +
                                       std::to_string(kNameBytesMax) + " bytes");
  if (characters(password) < kPasswordCharactersMin)
    throw Error(ErrorCode::kUsage,
                "the password is too short: it has to have at least " +
                    std::to_string(kPasswordCharactersMin) + " characters",
                "four words that have nothing to do with each other are long and easy to remember");
  const std::string line = name + " " + crypto::hashPassword(password, cost) + "\n";
  const ByteView part = asBytes(line);
  writeFileDurably(file_, {&part, 1}, 0600);
}

bool Administrator::isSet() const {
  std::error_code error;
  return std::filesystem::exists(file_, error);
}

bool Administrator::isNamed(std::string_view name) const {
  return isSet() && upperCase(name) == upperCase(read().name);
}

std::string Administrator::verify(std::string_view name, ByteView password) const {
  const Stored stored = read();
  const bool right_password = crypto::verifyPassword(stored.hash, password);
  return right_password && upperCase(name) == upperCase(stored.name) ? stored.name : std::string();
}

Administrator::Stored Administrator::read() const {
  const Bytes bytes = readFile(file_, kFileBytesMax);
  const std::string_view text = asText(bytes);
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos || blank == 0 || text.back() != '\n')
    throw Error(ErrorCode::kCorrupt, file_.string() + " does not hold a name and the hash of a password",
                "set the local administrator's password anew: enamel administrator");
  return {.name = std::string(text.substr(0, blank)),
          .hash = std::string(text.substr(blank + 1, text.size() - blank - 2))};
}

}  // namespace enamel::service
