#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/archiver.h"
#include "mariadb/connection.h"
#include "mariadb/private_server.h"
#include "mariadb/restore_source.h"

namespace enamel::mariadb {

// A private server that holds tables' files, to read their rows from where the target server's data folder is
// not at hand. Indexes are not rebuilt: rows are read without them. The server and its files are gone with
// the object.
class RowStreamer {
 public:
  // source must outlive the object. Puts the tables' files in place in a temporary folder below
  // scratch_folder (empty: the system's), where what killed restores left is removed first. problems: files
  // that could not be written. Throws kNoSpace before it writes anything if they will not fit.
  RowStreamer(const RestoreSource& source, const std::vector<const ManifestTable*>& tables,
              const std::string& scratch_folder, std::size_t threads, std::vector<files::Problem>& problems,
              Progress& progress, const CancelToken& cancel);
  ~RowStreamer();

  // Makes the table in `database` of the target, under the name `as`, and loads its rows; those of a table's
  // history cannot be loaded, which is a warning. Returns what is wrong with the result. Thread-safe with one
  // connection a thread; waits where the rows of all at work would take too much memory.
  std::string stream(Connection& target, const std::string& database, const ManifestTable& table,
                     const std::string& as, Progress& progress, const CancelToken& cancel,
                     std::vector<std::string>& warnings);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Appends one row in the layout of mariadb-dump --tab.
void appendTabRow(std::string& out, const Row& row);

}  // namespace enamel::mariadb
