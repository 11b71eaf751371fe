#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/bytes.h"
#include "base/fd.h"
#include "files/problem_list.h"
#include "files/restore_folders.h"
#include "files/whole_file_writer.h"

namespace enamel::files {

// The files being written by a restore. A file grows under a temporary name beside its place and takes it
// when it is whole, so that an interrupted restore leaves nothing that looks whole; the temporary name
// follows from the file's and the tree's, so that the next restore of the tree takes over what was left, and
// no file in the tree can have it. A file of one piece is written in one go. The number of open files is
// bounded.
class RestoreFiles {
 public:
  using Id = std::uint32_t;

  RestoreFiles(RestoreFolders& folders, const repository::BlobId& tree, bool ownership, ProblemList& errors,
               Progress& progress)
      : folders_(folders), tree_(tree.hex()), ownership_(ownership), errors_(errors), progress_(progress) {}

  // Removes the temporary files of a restore that ended early.
  ~RestoreFiles();
  RestoreFiles(const RestoreFiles&) = delete;
  RestoreFiles& operator=(const RestoreFiles&) = delete;

  // Notes a file whose folder is made. Not thread-safe.
  Id add(RestoreFolders::Id folder, repository::Node& node);
  // Forgets all files. REQUIRES: all are done.
  void clear();
  std::size_t count() const { return files_.size(); }

  // Makes a file without content. Not thread-safe.
  void writeEmpty(Id file) { write(file, 0, {}); }

  // Thread-safe from here. Writes a piece; a failure of the file's is noted for it. Throws kNoSpace.
  void write(Id file, std::uint64_t offset, ByteView data);
  // Notes that the file cannot be restored: named once in the errors, and removed in the end.
  void fail(Id file, const std::string& what);
  bool failed(Id file) const { return files_[file].failed; }
  // To be called once for each piece when it was written or failed; the last finishes the file.
  void pieceDone(Id file);

  std::uint64_t restoredFiles() const { return restored_files_; }
  std::uint64_t restoredBytes() const { return restored_bytes_; }

 private:
  struct File {
    File(RestoreFolders::Id in_folder, repository::Node& node);

    const RestoreFolders::Id folder;
    const std::string name;
    const std::uint64_t size;
    const std::size_t pieces;
    const Metadata metadata;
    std::atomic<std::size_t> pieces_left;
    std::atomic<bool> failed{false};
    bool made = false;  // the temporary file is there; guarded by mutex_
  };
  struct Open {
    Fd fd;
    std::size_t users = 0;
    std::list<Id>::iterator age;
  };
  static constexpr std::size_t kOpenMax = 128;

  void writeWhole(Id id, ByteView data);
  int openGrowing(Id id);
  void release(Id id);
  void finishGrowing(Id id);
  // Takes an error number: disk full ends the restore, others concern the file.
  void failWith(Id id, const char* verb, int error_number);
  // Gives the whole file its name. Returns 0 or the error number; the temporary file is then gone.
  int putInPlace(int folder_fd, const File& file) const;
  std::string temporaryName(const File& file) const;

  RestoreFolders& folders_;
  const std::string tree_;
  const bool ownership_;
  ProblemList& errors_;
  Progress& progress_;
  WholeFileWriter whole_files_;
  std::deque<File> files_;  // a deque: atomics do not move
  std::atomic<std::uint64_t> restored_files_{0}, restored_bytes_{0};

  std::mutex mutex_;
  std::unordered_map<Id, Open> open_;  // files of several pieces; guarded by mutex_
  std::list<Id> ages_;                 // of open_, latest used first; guarded by mutex_
};

// Makes a new file in the folder, removing what has the name (but no folder). -1 with errno set if that
// fails.
int makeFile(int folder_fd, const std::string& name);

}  // namespace enamel::files
