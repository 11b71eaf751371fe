#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"

namespace enamel::mariadb {

// What tells whether a file is still the one that was read.
struct FileStamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t mtime_ns = 0, ctime_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

enum class FileKind {
  kDefinition,  // .frm, and .par of a partitioned table
  kRows,        // .MYD
  kIndexes,     // .MYI
};

struct TableFile {
  std::string name;
  FileKind kind = FileKind::kDefinition;
  FileStamp stamp;
  mode_t mode = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  int stat_error = 0;  // errno of a file that is there but cannot be looked at (a link that leads nowhere)
};

// The files of one table: a definition and, for MyISAM, rows and indexes (a pair for each partition).
struct TableFileSet {
  std::vector<TableFile> files;  // sorted by name

  bool hasRows() const;
  bool isMyIsam() const;  // definition, rows and indexes are all there
  std::uint64_t rowBytes() const;
  std::int64_t rowTime() const;  // newest mtime of a row file in seconds, by the file system's clock
};

// A database's folder.
class DatabaseFolder {
 public:
  // Throws systemError if the folder cannot be opened.
  explicit DatabaseFolder(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  // All tables' files now, by stem. Temporary files of the server ("#sql...") and other engines' are left
  // out. On a network file system each file is opened, so that no cached times are seen.
  std::map<std::string, TableFileSet> list() const;
  Fd open(const std::string& name) const;
  // A new file without a name; without a descriptor where none can be made.
  Fd openUnnamed() const;
  // Whether another machine may hold the files.
  bool remote() const { return remote_; }

 private:
  std::filesystem::path path_;
  Fd folder_;
  bool remote_ = false;
};

}  // namespace enamel::mariadb
