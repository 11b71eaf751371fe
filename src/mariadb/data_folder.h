#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "mariadb/connection.h"
#include "mariadb/server_facts.h"
#include "mariadb/table_files.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {

// --- The proof that a folder is where a server keeps a database, and not another server's or a copy.
//
// The server is asked for the MyISAM tables' row files: length, and time of last change (it looks at its own
// open file to answer). The folder is looked at before and after. If it is the server's, then for every table
//   - all three files are there;
//   - what was seen before is not newer than the server says, and what is seen after is not older;
//   - where the folder did not change in between, the length is the server's.
// A copy fails this as soon as the server wrote to any table after the copy was made (file times in seconds,
// lengths in bytes); until then it is byte for byte what the server has. So the proof is made before anything
// is read, and again after the lock: a table that was written to in between must show it in the folder.
// Nothing is written to the server for it, and a read-only mount is enough.
//
// A damaged table is no contradiction, or one lost file would take the files of all others. It is named and
// not captured, so what is forgiven here never gets into a backup; every other table still has to agree by
// itself. Damage is only
//   - what the server says itself: it cannot open the table;
//   - a file that is there and cannot be looked at from here;
//   - one of .MYD and .MYI missing, beside a definition that is there. Before the lock the server may still
//     have the lost file open and know of nothing. The lock makes it close its tables: from then on a table
//     that it opens has its files, and a folder without them is not the server's;
//   - row files of another length than the server says, while the index files beside them say what the server
//     says. (A copy's index files agree with the copy's rows.)
//   - rows or indexes without a definition, of a table that the server does not know: it would be missing
//     without a word.
// A table that the server has written to and the folder does not show it in is a contradiction always.

enum class ProofMoment { kBeforeLock, kAfterLock };

struct DamagedTable {
  std::string name;
  std::string what;  // and what to do about it
};

struct FolderProof {
  std::string contradiction;                    // empty if nothing contradicts
  std::map<std::string, DamagedTable> damaged;  // by stem
};

// index_says: the length of all row files of a table by its index files, nullopt if they cannot be read.
FolderProof compareFolder(const std::map<std::string, TableFileSet>& before,
                          const std::vector<TableInfo>& server,
                          const std::map<std::string, TableFileSet>& after,
                          const std::function<std::optional<std::uint64_t>(const TableFileSet&)>& index_says,
                          ProofMoment moment);

// The proof, tried a few times where tables are just being made or dropped.
FolderProof proveFolder(Connection& connection, const std::string& database, const DatabaseFolder& folder,
                        ProofMoment moment, const CancelToken& cancel);

struct FoundFolder {
  std::unique_ptr<DatabaseFolder> folder;       // null: table files are out of reach
  std::string why_not;                          // then: why, for people
  std::map<std::string, DamagedTable> damaged;  // by stem
};

// The database's folder under given (--data-folder) or, if that is empty, under what the server names. Throws
// kUsage if `given` is not the server's data folder or does not hold the database; a folder that the server
// names may be on another machine: then why_not says so.
FoundFolder findDatabaseFolder(Connection& connection, const ServerFacts& facts, const std::string& database,
                               const std::string& given, const CancelToken& cancel);

}  // namespace enamel::mariadb
