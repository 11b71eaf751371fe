#pragma once

#include <functional>
#include <utility>

#include "storage/storage.h"

namespace enamel::storage {

// Another storage, with something that happens on the way. Hooks are called before the operation; what they
// throw is thrown.
class HookedStorage final : public Storage {
 public:
  explicit HookedStorage(Storage& inner) : inner_(inner) {}

  std::function<void(const FileHandle&)> before_put, before_get, before_remove;
  std::function<void(const FileHandle&, std::uint64_t offset, std::size_t bytes)> before_get_range;
  // Given what would be returned.
  std::function<void(FileType, std::vector<FileInfo>&)> after_list;

  using Storage::put;
  void put(const FileHandle& file, std::span<const ByteView> parts) override {
    if (before_put) before_put(file);
    inner_.put(file, parts);
  }
  void getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) override {
    if (before_get_range) before_get_range(file, offset, buffer.size());
    inner_.getRange(file, offset, buffer);
  }
  Bytes get(const FileHandle& file, std::uint64_t size_max) override {
    if (before_get) before_get(file);
    return inner_.get(file, size_max);
  }
  std::optional<std::uint64_t> size(const FileHandle& file) override { return inner_.size(file); }
  std::vector<FileInfo> list(FileType type) override {
    std::vector<FileInfo> files = inner_.list(type);
    if (after_list) after_list(type, files);
    return files;
  }
  void remove(const FileHandle& file) override {
    if (before_remove) before_remove(file);
    inner_.remove(file);
  }
  void create() override { inner_.create(); }
  void sweep(std::chrono::seconds min_age) override { inner_.sweep(min_age); }
  std::string location() const override { return inner_.location(); }

 private:
  Storage& inner_;
};

}  // namespace enamel::storage
