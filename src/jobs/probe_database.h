#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "jobs/probe.h"
#include "mariadb/url.h"

namespace enamel::jobs {

// What a look at a database says to the person who sets its backup up. Nothing is changed.
struct DatabaseProbe {
  bool reachable = false;  // somebody of that name may come in
  bool readable = false;   // and read all tables of the database
  std::string server_version;
  // Databases on the server that hold an Open Dental practice, as far as the account may see them.
  std::vector<std::string> practices;
  // Of the practice in the database; empty texts: it is none, or does not say.
  std::string practice_title, program_version, database_version;
  std::uint64_t tables = 0, bytes = 0;           // bytes of rows
  std::map<std::string, std::uint64_t> engines;  // tables by engine
  // Whether table files can be read from here, proven as for a backup (mariadb/data_folder.h).
  bool data_folder_found = false;
  std::string data_folder;      // the given one, or the server's own
  std::string data_folder_why;  // why not
  // The preference DocPath, and the folders of this computer that may be what it means: they are there and
  // hold a folder named by one letter.
  std::optional<std::string> doc_path;
  std::vector<std::string> local_path_candidates;
  std::vector<std::string> missing_grants;  // statements, see mariadb::missingGrants()
  std::vector<ProbeProblem> problems;
};

// Waits seconds, not minutes, for a server that does not answer. address.database may be empty: then only
// `practices` and what is about the server is found out. data_folder: empty, or what is given for it. Throws
// kCancelled only; all else is in `problems`.
DatabaseProbe probeDatabase(const mariadb::Address& address, const std::string& data_folder,
                            const CancelToken& cancel);

}  // namespace enamel::jobs
