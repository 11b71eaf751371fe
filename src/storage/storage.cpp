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

}  // namespace enamel::storage
