#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "base/bytes.h"

namespace enamel {

// The whole file. Throws Error(kLimit) if it is larger than size_max, systemError otherwise.
Bytes readFile(const std::filesystem::path& path, std::uint64_t size_max = 64 << 20);

enum class IfThere {
  kReplace,
  kFail  // Error(kExists); what is there stays, also where somebody else writes the same name meanwhile
};

// Puts a file in place so that it is there whole and durable, or not at all: temporary name in the same
// folder, write, fsync, rename, fsync of the folder. Throws systemError; the temporary file is then gone.
void writeFileDurably(const std::filesystem::path& path, std::span<const ByteView> parts, mode_t mode = 0600,
                      IfThere if_there = IfThere::kReplace);

// Whether path is folder or lies below it, by their names alone: both absolute, without links and dots.
bool isInside(const std::filesystem::path& path, const std::filesystem::path& folder);

// fsync of a folder, so that names made or removed in it are durable.
void syncDirectory(const std::filesystem::path& path);

// A fresh folder of mode 0700 under `parent` (default: $TMPDIR or /tmp), removed with all it holds on
// destruction.
class TempDirectory {
 public:
  explicit TempDirectory(const std::string& prefix = "enamel-", const std::filesystem::path& parent = {});
  TempDirectory(TempDirectory&& other) noexcept;
  TempDirectory& operator=(TempDirectory&&) = delete;
  ~TempDirectory();

  const std::filesystem::path& path() const { return path_; }
  // $TMPDIR or /tmp.
  static std::filesystem::path defaultParent();

 private:
  std::filesystem::path path_;
};

// Fills buffer from the system's random generator.
void randomBytes(MutableByteView buffer);

}  // namespace enamel
