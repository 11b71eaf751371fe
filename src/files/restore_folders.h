#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/fd.h"
#include "files/restore_metadata.h"

namespace enamel::files {

// The folders of a restore. Each is made below the target, step by step from open folder to open folder, so
// that neither names nor links that stand there lead out of it. Folders are known by number; 0 is the target,
// a parent's number is below its children's.
class RestoreFolders {
 public:
  using Id = std::uint32_t;
  static constexpr Id kRoot = 0;

  // Makes the target with its parents if missing. Throws systemError.
  explicit RestoreFolders(const std::string& target);

  // Notes a folder; nothing is made yet. Not thread-safe.
  Id add(Id parent, repository::Node& node);

  // Makes the folder and those above it, or takes what is there; what is there and no folder is removed.
  // Returns the error number. Not thread-safe.
  int make(Id id);

  // The folder, open. nullptr with errno set if that fails. REQUIRES: made. Thread-safe.
  std::shared_ptr<const Fd> open(Id id);

  // Sets the metadata of all made folders, the innermost first. on_problem(path, what). Not thread-safe.
  template <class OnProblem>
  void finish(bool ownership, OnProblem on_problem) {
    for (Id id = static_cast<Id>(rows_.size()); id-- > 1;) {
      if (!rows_[id].made) continue;
      if (const std::string problem = finishOne(id, ownership); !problem.empty())
        on_problem(path(id), problem);
    }
  }

  // "/target/a/b".
  std::string path(Id id) const;
  std::string path(Id id, const std::string& name) const;
  std::uint64_t madeCount() const { return made_; }

 private:
  struct Row {
    Id parent = 0;
    bool made = false;
    std::string name;
    std::unique_ptr<Metadata> metadata;
  };
  struct Cached {
    std::shared_ptr<const Fd> fd;
    std::list<Id>::iterator age;
  };
  static constexpr std::size_t kOpenMax = 128;

  int makeOne(const Row& row);
  std::shared_ptr<const Fd> cached(Id id);
  void remember(Id id, const std::shared_ptr<const Fd>& fd);
  std::string finishOne(Id id, bool ownership);

  std::string target_;
  std::vector<Row> rows_;
  std::uint64_t made_ = 0;
  std::shared_ptr<const Fd> root_;
  std::mutex mutex_;
  std::unordered_map<Id, Cached> open_;  // guarded by mutex_
  std::list<Id> ages_;                   // of open_, latest used first; guarded by mutex_
};

}  // namespace enamel::files
