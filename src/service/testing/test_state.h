#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "service/migrations.h"
#include "service/sqlite.h"

namespace enamel::service {

constexpr std::int64_t kSecond = 1'000'000'000;

// A clock that shows what it is told.
class SetClock final : public Clock {
 public:
  Timestamp now() const override { return time; }
  Timestamp time{1'700'000'000 * kSecond};
};

// A database with the service's tables, in a folder of its own.
struct TestState {
  TestState() { migrate(database, stateMigrations()); }

  TempDirectory folder;
  SetClock clock;
  Database database{folder.path() / "state.db"};
};

// The code of the Error that action throws, kInternal if it throws none.
template <class Action>
ErrorCode errorCodeOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

// "what: hint" of the Error that action throws, empty if it throws none.
template <class Action>
std::string errorTextOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(error.what()) + ": " + error.hint();
  }
  return {};
}

inline std::string fileText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void writeText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline mode_t modeOf(const std::filesystem::path& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 ? st.st_mode & 07777 : 0;
}

}  // namespace enamel::service
