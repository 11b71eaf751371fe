#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/password_hash.h"

namespace enamel::service {

// The local administrator, who can sign in when the database of Open Dental cannot be reached: one name and
// the Argon2id hash of a password, in a file of their own ("NAME HASH", mode 0600). A file, not the state, so
// that a password can be set while the service runs, and when nobody can sign in to it. Thread-safe.
class Administrator {
 public:
  static constexpr std::size_t kNameBytesMax = 100;
  static constexpr std::size_t kPasswordCharactersMin = 10;

  explicit Administrator(std::filesystem::path file) : file_(std::move(file)) {}

  // Throws kUsage for a name that is empty, too long or holds blanks or control characters, and for a
  // password that is shorter than kPasswordCharactersMin or longer than crypto::kPasswordBytesMax.
  void set(const std::string& name, ByteView password, const crypto::PasswordCost& cost = {}) const;

  bool isSet() const;
  // Whether that is the name in the file; false if there is none.
  bool isNamed(std::string_view name) const;

  // The name as it stands in the file if both are right (case of the name makes no difference), else empty.
  // Takes as long for a wrong name as for a wrong password. Throws kCorrupt if the file is none of set()'s.
  std::string verify(std::string_view name, ByteView password) const;

 private:
  struct Stored {
    std::string name, hash;
  };
  Stored read() const;

  const std::filesystem::path file_;
};

}  // namespace enamel::service
