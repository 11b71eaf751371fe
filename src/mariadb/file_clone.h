#pragma once

#include <string>

#include "base/fd.h"
#include "mariadb/table_files.h"

namespace enamel::mariadb {

// Makes copies of a database's files that share the disk's blocks with them (FICLONE; btrfs, XFS): each is
// the file at one instant and takes the time of its list of extents, not of its bytes. A copy has no name, so
// nothing shows in the server's folder, and is gone when it is closed or the process dies.
class FileCloner {
 public:
  // Tries it with the folder's file of that name. Never throws: what is wrong shows in works().
  FileCloner(const DatabaseFolder& folder, const std::string& name);

  // False: the file system cannot, or we may not write here.
  bool works() const { return works_; }
  // The copy, open for reading; without a descriptor if there is none, on a full disk for instance. Writes
  // the file's changed pages to the disk first. Thread-safe.
  Fd clone(const Fd& file) const;

 private:
  const DatabaseFolder& folder_;
  bool works_ = false;
};

}  // namespace enamel::mariadb
