#include "storage/storage.h"

#include "base/error.h"

namespace enamel::storage {

std::string_view typeName(FileType type) {
  switch (type) {
    case FileType::kConfig:
      return "config";
    case FileType::kKey:
      return "key";
    case FileType::kLock:
      return "lock";
    case FileType::kSnapshot:
      return "snapshot";
    case FileType::kIndex:
      return "index";
    case FileType::kPack:
      return "pack";
  }
  ENAMEL_CHECK(false);
}

std::string FileHandle::describe() const {
  return type == FileType::kConfig ? "config" : std::string(typeName(type)) + " " + name;
}

Error tooShort(const FileHandle& file) {
  return {ErrorCode::kCorrupt, file.describe() + " is shorter than the repository's index says",
          "run `enamel check --read-data` to learn what is affected"};
}

void requireRange(Storage& storage, const FileHandle& file, std::uint64_t offset, std::uint64_t length) {
  constexpr std::uint64_t kHonestBytesMax = 32U << 20;
  if (length <= kHonestBytesMax) return;
  const auto size = storage.size(file);
  if (size && *size < offset + length) throw tooShort(file);
}

}  // namespace enamel::storage
