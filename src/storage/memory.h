#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "storage/storage.h"

namespace enamel::storage {

// Files in memory: for tests and for trying things out. Copyable state through files()/setFiles().
class MemoryStorage final : public Storage {
 public:
  using Key = std::pair<FileType, std::string>;
  using Files = std::map<Key, Bytes>;

  using Storage::put;
  void put(const FileHandle& file, std::span<const ByteView> parts) override;
  void getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) override;
  Bytes get(const FileHandle& file, std::uint64_t size_max) override;
  std::optional<std::uint64_t> size(const FileHandle& file) override;
  std::vector<FileInfo> list(FileType type) override;
  void remove(const FileHandle& file) override;
  void create() override;
  std::string location() const override { return "memory"; }

  Files files() const;
  void setFiles(Files files);

 private:
  mutable std::mutex mutex_;
  Files files_;  // guarded by mutex_
};

}  // namespace enamel::storage
