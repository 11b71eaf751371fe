#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/file.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::jobs {

// A clock that shows what it is told.
class SetClock final : public Clock {
 public:
  Timestamp now() const override { return time; }
  Timestamp time{1'700'000'000'000'000'000};
};

// A repository in memory, opened, and a folder for sources and targets.
struct TestRepository {
  TestRepository() {
    repository::Repository::create(storage, "password", repository::KdfParameters::cheap(), clock);
    open();
  }
  // As the next run would: nothing remembered.
  repository::Repository& open() {
    opened = repository::Repository::open(storage, "password", clock);
    return *opened;
  }
  std::size_t snapshots() { return open().listSnapshots().size(); }

  std::filesystem::path path(const std::string& name) const { return folder.path() / name; }
  void writeFile(const std::string& name, const std::string& content = "content") const {
    std::filesystem::create_directories(path(name).parent_path());
    std::ofstream(path(name), std::ios::binary) << content;
  }

  TempDirectory folder;
  storage::MemoryStorage storage;
  SetClock clock;
  std::unique_ptr<repository::Repository> opened;
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

}  // namespace enamel::jobs
