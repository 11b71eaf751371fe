#pragma once

#include <string>

#include "base/bytes.h"

namespace enamel::jobs {

// What a practice must have on paper, outside of its rooms: with it, the repository and stock restic
// everything comes back, without Enamel and without this computer.
struct RecoveryKit {
  std::string practice;         // its name
  std::string date;             // "2026-11-29"
  std::string repository_path;  // as this computer names it
  std::string repository_id;
  std::string password;  // a secret
};

// The kit as a printable PDF (two pages, US letter): the password as words and as QR code, and the commands.
// The result is as secret as the password. Throws kUsage for a password that is longer than a QR code holds.
std::string recoveryKitPdf(const RecoveryKit& kit);

}  // namespace enamel::jobs
