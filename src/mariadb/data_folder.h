#pragma once

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

// What contradicts the proof; empty if nothing does.
std::string contradiction(const std::map<std::string, TableFileSet>& before,
                          const std::vector<TableInfo>& server,
                          const std::map<std::string, TableFileSet>& after);

// The proof, tried a few times where tables are just being made or dropped. Returns what is wrong, empty if
// nothing is.
std::string disproveFolder(Connection& connection, const std::string& database, const DatabaseFolder& folder,
                           const CancelToken& cancel);

struct FoundFolder {
  std::unique_ptr<DatabaseFolder> folder;  // null: table files are out of reach
  std::string why_not;                     // then: why, for people
};

// The database's folder under given (--data-folder) or, if that is empty, under what the server names. Throws
// kUsage if `given` is not the server's data folder or does not hold the database; a folder that the server
// names may be on another machine: then why_not says so.
FoundFolder findDatabaseFolder(Connection& connection, const ServerFacts& facts, const std::string& database,
                               const std::string& given, const CancelToken& cancel);

}  // namespace enamel::mariadb
