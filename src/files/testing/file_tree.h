#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "files/archiver.h"
#include "files/restorer.h"
#include "repository/repository.h"
#include "storage/memory.h"

namespace enamel::files {

// What lies below a folder: for each path a line with type, mode, owner, times to the nanosecond, size and
// hash of the content, link target, extended attributes, device, and which path it is another name of. Equal
// maps mean equal trees. Paths may be longer than PATH_MAX.
std::map<std::string, std::string> describeTree(const std::filesystem::path& root);

// Sets a file's (link's, folder's) access and modification time.
void setTimes(const std::filesystem::path& path, std::int64_t seconds, std::int64_t ns);

void writeText(const std::filesystem::path& path, const std::string& text);

// Bytes without structure, the same for the same seed.
std::string noise(std::size_t count, std::uint64_t seed);

// Calls a function before each blob that is saved: the place from which tests change files under a walk.
class HookedWriter final : public repository::BlobWriter {
 public:
  using Hook = std::function<void(repository::BlobType, ByteView)>;
  HookedWriter(std::unique_ptr<repository::BlobWriter> writer, Hook hook)
      : writer_(std::move(writer)), hook_(std::move(hook)) {}

  Saved save(repository::BlobType type, ByteView plaintext) override {
    if (hook_) hook_(type, plaintext);
    return writer_->save(type, plaintext);
  }
  void settle() override { writer_->settle(); }
  void flush() override { writer_->flush(); }
  repository::WriteStats stats() const override { return writer_->stats(); }
  std::uint64_t memoryInUse() const override { return writer_->memoryInUse(); }

 private:
  std::unique_ptr<repository::BlobWriter> writer_;
  Hook hook_;
};

// A repository in memory, and folders going in and out of it.
class TestRepository {
 public:
  TestRepository();

  ArchiveResult archive(const std::filesystem::path& folder,
                        const std::optional<repository::BlobId>& parent = {},
                        const ArchiveOptions& options = {.priority = Priority::kNormal},
                        const HookedWriter::Hook& hook = {},
                        const CancelToken& cancel = CancelToken::never());
  RestoreResult restore(const repository::BlobId& tree, const std::filesystem::path& target,
                        const RestoreOptions& options = {});
  // Opened anew, as a later process would.
  void reopen();

  storage::MemoryStorage& storage() { return storage_; }
  repository::Repository& repository() { return *repository_; }
  // Of the last archive().
  const repository::WriteStats& stats() const { return stats_; }

 private:
  storage::MemoryStorage storage_;
  std::unique_ptr<repository::Repository> repository_;
  repository::WriteStats stats_;
};

// Lets a test that runs as root meet closed doors: while it lives, the process has an ordinary user's rights.
// Does nothing for a process that has no more than those.
class OrdinaryUser {
 public:
  OrdinaryUser();
  ~OrdinaryUser();
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

 private:
  bool was_root_;
};

}  // namespace enamel::files
