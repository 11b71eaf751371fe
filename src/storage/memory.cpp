#include "storage/memory.h"

#include "base/error.h"

namespace enamel::storage {
namespace {

[[noreturn]] void throwNotFound(const FileHandle& file) {
  throw Error(ErrorCode::kNotFound, file.describe() + " is not in the repository");
}

}  // namespace

void MemoryStorage::put(const FileHandle& file, std::span<const ByteView> parts) {
  Bytes data;
  for (const ByteView part : parts) data.insert(data.end(), part.begin(), part.end());
  const std::lock_guard lock(mutex_);
  if (!files_.try_emplace({file.type, file.name}, std::move(data)).second) {
    throw Error(ErrorCode::kExists, file.describe() + " is there already");
  }
}

void MemoryStorage::getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) {
  const std::lock_guard lock(mutex_);
  const auto it = files_.find({file.type, file.name});
  if (it == files_.end()) throwNotFound(file);
  if (offset > it->second.size() || buffer.size() > it->second.size() - offset) {
    throw tooShort(file);
  }
  std::memcpy(buffer.data(), it->second.data() + offset, buffer.size());
}

Bytes MemoryStorage::get(const FileHandle& file, std::uint64_t size_max) {
  const std::lock_guard lock(mutex_);
  const auto it = files_.find({file.type, file.name});
  if (it == files_.end()) throwNotFound(file);
  if (it->second.size() > size_max)
    throw Error(ErrorCode::kLimit, file.describe() + " is larger than expected here");
  return it->second;
}

std::optional<std::uint64_t> MemoryStorage::size(const FileHandle& file) {
  const std::lock_guard lock(mutex_);
  const auto it = files_.find({file.type, file.name});
  if (it == files_.end()) return std::nullopt;
  return it->second.size();
}

std::vector<FileInfo> MemoryStorage::list(FileType type) {
  const std::lock_guard lock(mutex_);
  std::vector<FileInfo> out;
  for (const auto& [key, data] : files_) {
    if (key.first == type) out.push_back({key.second, data.size()});
  }
  return out;
}

void MemoryStorage::remove(const FileHandle& file) {
  const std::lock_guard lock(mutex_);
  files_.erase({file.type, file.name});
}

void MemoryStorage::create() {
  if (size({FileType::kConfig, ""}))
    throw Error(ErrorCode::kExists, "there is a repository in memory already");
}

MemoryStorage::Files MemoryStorage::files() const {
  const std::lock_guard lock(mutex_);
  return files_;
}

void MemoryStorage::setFiles(Files files) {
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
}

}  // namespace enamel::storage
