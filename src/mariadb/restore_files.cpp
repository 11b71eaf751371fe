#include "mariadb/restore_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "files/restorer.h"
#include "mariadb/restore_count.h"
#include "mariadb/restore_session.h"

namespace enamel::mariadb {
namespace fs = std::filesystem;
namespace {

// The folder below `data` in which the server just made `file`; empty if there is none.
std::string folderHolding(const std::string& data, const std::string& file) {
  std::error_code error;
  for (fs::directory_iterator it(data, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;  // folders that cannot be entered do not hold it
    if (!fs::is_directory(it->symlink_status(ignored))) continue;
    if (fs::is_regular_file(fs::symlink_status(it->path() / file, ignored))) return it->path();
  }
  return {};
}

// The messages of REPAIR or CHECK TABLE; ok if the last one says so and none is an error.
struct AdminResult {
  bool ok = false;
  std::string text;
};
AdminResult runAdmin(Connection& connection, const std::string& statement) {
  AdminResult result;
  bool error = false;
  for (const StoredRow& row : connection.query(statement)) {
    if (row.size() < 4) continue;
    const std::string type = row[2].value_or(""), text = row[3].value_or("");
    result.ok = type == "status" && text == "OK";
    error = error || type == "error" || type == "Error";
    if (!result.ok) result.text += (result.text.empty() ? "" : "; ") + text;
  }
  result.ok = result.ok && !error;
  return result;
}

// Whether indexes out of the backup can be used: the table was closed when its files were read. The server
// only looks at the header for that; where it does not say so, the indexes are checked against the header's
// counts, and anything it has to say means that they may lack what was still in memory.
bool takeKeptIndexes(Connection& connection, const std::string& name) {
  const AdminResult checked = runAdmin(connection, "CHECK TABLE " + name + " FAST QUICK");
  return checked.text.empty() ? checked.ok : checked.text == "Table is already up to date";
}

}  // namespace

std::optional<TargetFolder> findTargetFolder(Connection& connection, const std::string& database,
                                             const std::string& data_folder, std::string& reason) {
  const std::string data =
      data_folder.empty() ? connection.queryValue("SELECT @@datadir").value_or("") : data_folder;
  std::uint8_t salt[8];
  randomBytes(salt);
  const std::string proof = "enamel_proof_" + toHex(salt);
  connection.execute("CREATE TABLE " + qualified(database, proof) + " (a INT)");
  TargetFolder folder;
  struct stat st {};
  folder.path = folderHolding(data, proof + ".frm");
  const bool found = !folder.path.empty() && ::lstat((folder.path + "/" + proof + ".frm").c_str(), &st) == 0;
  connection.execute("DROP TABLE " + qualified(database, proof));
  if (!found) {
    reason = "the server's data folder " + data + " is not at hand on this machine";
    return std::nullopt;
  }
  if (::access(folder.path.c_str(), W_OK | X_OK) != 0) {
    reason = "the server's data folder " + data + " cannot be written to (" +
             std::generic_category().message(errno) + ")";
    return std::nullopt;
  }
  folder.owner = st.st_uid;
  folder.group = st.st_gid;
  folder.mode = st.st_mode & 0777;
  if (::geteuid() != 0 && ::geteuid() != folder.owner) {
    reason = "files in the server's data folder " + data +
             " must belong to the server's user; this is another user";
    return std::nullopt;
  }
  return folder;
}

std::vector<files::Problem> placeTableFiles(const RestoreSource& source,
                                            const std::vector<const ManifestTable*>& tables,
                                            const TargetFolder& folder, std::size_t threads,
                                            Progress& progress, const CancelToken& cancel) {
  std::set<std::string> wanted;
  for (const ManifestTable* table : tables) {
    for (const repository::Node* node : source.tableFiles(*table)) wanted.insert(node->name);
  }
  if (wanted.empty()) return {};
  files::RestoreOptions options;
  options.threads = threads;
  options.ownership = false;
  options.accept = [&](const std::string& path) { return wanted.count(path) != 0; };
  options.may_contain = [](const std::string&) { return false; };
  std::vector<files::Problem> problems =
      files::restoreTree(source.repository(), source.folderId(), folder.path, options, progress, cancel)
          .errors;

  const Fd directory = openFile(folder.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  for (const std::string& name : wanted) {
    const Fd file(::openat(directory.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat st {};
    if (!file || ::fstat(file.get(), &st) != 0 || !S_ISREG(st.st_mode)) continue;  // it is among the problems
    if (::fchown(file.get(), folder.owner, folder.group) != 0 || ::fchmod(file.get(), folder.mode) != 0) {
      throw systemError("give " + folder.path + "/" + name + " to the server", errno);
    }
  }
  return problems;
}

std::string finishTableFiles(Connection& connection, const std::string& database, const ManifestTable& table,
                             const IndexOptions& options, std::vector<std::string>& warnings) {
  const std::string name = qualified(database, table.name);
  try {
    if (options.sort_buffer_bytes != 0) {
      connection.execute("SET SESSION myisam_sort_buffer_size = " +
                         std::to_string(options.sort_buffer_bytes));
    }
    if (table.form == TableForm::kFiles) {
      const AdminResult repaired = runAdmin(connection, "REPAIR NO_WRITE_TO_BINLOG TABLE " + name + " QUICK");
      if (!repaired.ok) return "its indexes cannot be rebuilt: " + repaired.text;
      if (!repaired.text.empty()) warnings.push_back("table " + table.name + ": " + repaired.text);
    } else if (!takeKeptIndexes(connection, name)) {
      const AdminResult repaired = runAdmin(connection, "REPAIR NO_WRITE_TO_BINLOG TABLE " + name + " QUICK");
      if (!repaired.ok) return "its kept indexes are not whole and cannot be rebuilt: " + repaired.text;
      warnings.push_back("table " + table.name +
                         ": the indexes in the backup were not whole; they were rebuilt from the rows");
    }
    if (options.check_upgrade) {
      const AdminResult checked = runAdmin(connection, "CHECK TABLE " + name + " FOR UPGRADE");
      if (!checked.ok) {
        const bool force = checked.text.find("ALTER TABLE") != std::string::npos;
        if (force) {
          connection.execute("ALTER TABLE " + name + " FORCE");
        } else {
          const AdminResult repaired = runAdmin(connection, "REPAIR NO_WRITE_TO_BINLOG TABLE " + name);
          if (!repaired.ok) return "it cannot be upgraded to this server's version: " + repaired.text;
        }
        warnings.push_back("table " + table.name + " was upgraded to this server's version");
      }
    }
    const std::string rows = countRestoredRows(connection, database, table.name, table.form);
    if (rows != std::to_string(table.rows)) {
      return "it has " + rows + " rows, the backup's manifest says " + std::to_string(table.rows);
    }
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable || e.code() == ErrorCode::kDatabaseDenied) throw;
    return e.what();
  }
  return {};
}

std::uint64_t sortBufferBytes(std::size_t threads) {
  constexpr std::uint64_t kMin = 8U << 20, kMax = 512U << 20;
  std::uint64_t available = 0;
  std::ifstream memory("/proc/meminfo");
  for (std::string key, unit; memory >> key >> available;) {
    if (key == "MemAvailable:") break;
    std::getline(memory, unit);
    available = 0;
  }
  return std::clamp(available * 1024 / 4 / std::max<std::uint64_t>(threads, 1), kMin, kMax);
}

}  // namespace enamel::mariadb
