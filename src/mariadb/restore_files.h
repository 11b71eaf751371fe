#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "files/archiver.h"
#include "mariadb/connection.h"
#include "mariadb/restore_source.h"

namespace enamel::mariadb {

// The folder of one database in a server's data folder that this process may write to, and how the server's
// own files in it look.
struct TargetFolder {
  std::string path;
  unsigned owner = 0, group = 0, mode = 0;
};

// Finds the folder of `database` (which exists) below data_folder (empty: where the server says its data is),
// by having the server make a table and seeing its file appear. nullopt, and why in `reason`, where it is not
// at hand.
std::optional<TargetFolder> findTargetFolder(Connection& connection, const std::string& database,
                                             const std::string& data_folder, std::string& reason);

// Writes the tables' files into the folder, each pack of the repository read once, as the server's own.
// Returns what could not be written, by file.
std::vector<files::Problem> placeTableFiles(const RestoreSource& source,
                                            const std::vector<const ManifestTable*>& tables,
                                            const TargetFolder& folder, std::size_t threads,
                                            Progress& progress, const CancelToken& cancel);

struct IndexOptions {
  bool check_upgrade = false;  // the files are of another server version: CHECK TABLE ... FOR UPGRADE
  std::uint64_t sort_buffer_bytes = 0;  // 0: the server's own
};

// Makes a table that was put in place usable: rebuilds its indexes from its rows (unless they were kept),
// counts its rows. Returns what is wrong with it, empty if nothing is.
std::string finishTableFiles(Connection& connection, const std::string& database, const ManifestTable& table,
                             const IndexOptions& options, std::vector<std::string>& warnings);

// What one of `threads` index builds may use to sort in memory on this machine.
std::uint64_t sortBufferBytes(std::size_t threads);

}  // namespace enamel::mariadb
