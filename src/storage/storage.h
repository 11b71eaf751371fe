#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace enamel::storage {

// The kinds of files a repository is made of (restic's names for them).
enum class FileType { kConfig, kKey, kLock, kSnapshot, kIndex, kPack };

// "config", "key", "lock", "snapshot", "index", "pack": for messages.
std::string_view typeName(FileType type);

// One file. name is 64 lower-case hexadecimal digits, except for kConfig, whose name is empty.
struct FileHandle {
  FileType type = FileType::kConfig;
  std::string name;

  // "pack 5f3a...", for messages.
  std::string describe() const;
  friend bool operator==(const FileHandle&, const FileHandle&) = default;
};

struct FileInfo {
  std::string name;
  std::uint64_t size = 0;
};

// Where a repository's files are kept. Files are written once and whole, never changed, only removed.
// Every member may be called from several threads at once. Failures throw enamel::Error naming the file:
// kNotFound if it is not there, kNoSpace, kPermission, kIo otherwise.
class Storage {
 public:
  virtual ~Storage() = default;

  // Stores the concatenation of parts under the name. All or nothing: until put returns, the file is not
  // visible under its name; when it returns, the file survives a power failure. Throws kExists if the name is
  // taken.
  virtual void put(const FileHandle& file, std::span<const ByteView> parts) = 0;
  void put(const FileHandle& file, ByteView data) { put(file, std::span(&data, 1)); }

  // Fills buffer from the given offset. Throws kCorrupt if the file is shorter than offset + buffer.size().
  virtual void getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) = 0;

  // The whole file; kLimit if it is larger than size_max.
  virtual Bytes get(const FileHandle& file, std::uint64_t size_max) = 0;

  // Size in bytes; nullopt if there is no such file.
  virtual std::optional<std::uint64_t> size(const FileHandle& file) = 0;

  // All files of one kind, in no order. Names that are no handle's name (temporary files) are left out.
  virtual std::vector<FileInfo> list(FileType type) = 0;

  // Removes the file; does nothing if it is not there. A snapshot or index file is then gone for good, also
  // after a power failure.
  virtual void remove(const FileHandle& file) = 0;

  // Makes the folders a new repository needs. Throws kExists if a config is there already.
  virtual void create() = 0;

  // Removes what interrupted writes left behind (temporary files) if it is older than min_age. Best effort:
  // never throws for what it cannot remove. Does nothing where a store leaves nothing behind.
  virtual void sweep(std::chrono::seconds min_age = std::chrono::hours(24)) { static_cast<void>(min_age); }

  // For messages: the path or URL, without secrets.
  virtual std::string location() const = 0;
};

// For ranges whose length comes from outside, before memory is made for one: throws kCorrupt where the file
// is shorter. Asks the store only about lengths that no honest writer needs.
void requireRange(Storage& storage, const FileHandle& file, std::uint64_t offset, std::uint64_t length);

// The error of a file that ends before a range of it.
Error tooShort(const FileHandle& file);

}  // namespace enamel::storage
