#pragma once

#include <filesystem>

#include "storage/storage.h"

namespace enamel::storage {

// A repository in a folder, in restic's default layout (config, keys/, locks/, snapshots/, index/,
// data/00..ff/). Files are made read-only under a temporary name, synced, renamed, and their folder synced.
class LocalStorage final : public Storage {
 public:
  explicit LocalStorage(std::filesystem::path root);

  using Storage::put;
  using Storage::sweep;
  void put(const FileHandle& file, std::span<const ByteView> parts) override;
  void getRange(const FileHandle& file, std::uint64_t offset, MutableByteView buffer) override;
  Bytes get(const FileHandle& file, std::uint64_t size_max) override;
  std::optional<std::uint64_t> size(const FileHandle& file) override;
  std::vector<FileInfo> list(FileType type) override;
  void remove(const FileHandle& file) override;
  void create() override;
  void sweep(std::chrono::seconds min_age) override;
  std::string location() const override { return root_.string(); }

 private:
  std::filesystem::path folderOf(const FileHandle& file) const;
  std::filesystem::path pathOf(const FileHandle& file) const;

  const std::filesystem::path root_;
};

}  // namespace enamel::storage
