#include "mariadb/data_folder.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/error.h"
#include "mariadb/file_name.h"

namespace enamel::mariadb {
namespace {

constexpr int kAttempts = 6;
constexpr auto kPause = std::chrono::milliseconds(50);

const char* const kHint =
    "--data-folder is the server's data folder (SHOW VARIABLES LIKE 'datadir') as this machine sees it";

bool sameStamps(const TableFileSet& a, const TableFileSet& b) {
  if (a.files.size() != b.files.size()) return false;
  for (std::size_t i = 0; i < a.files.size(); ++i) {
    if (a.files[i].name != b.files[i].name || !(a.files[i].stamp == b.files[i].stamp)) return false;
  }
  return true;
}

}  // namespace

std::string contradiction(const std::map<std::string, TableFileSet>& before,
                          const std::vector<TableInfo>& server,
                          const std::map<std::string, TableFileSet>& after) {
  for (const TableInfo& table : server) {
    if (!table.isMyIsam()) continue;
    const auto seen_before = before.find(table.stem);
    const auto seen_after = after.find(table.stem);
    if (seen_before == before.end() || seen_after == after.end() || !seen_after->second.isMyIsam())
      return "it does not hold the files of table " + table.name;
    if (!table.update_time_s) continue;
    if (seen_after->second.rowTime() < *table.update_time_s)
      return "the server has written to table " + table.name + ", the folder does not show it";
    if (seen_before->second.rowTime() > *table.update_time_s)
      return "it holds a newer table " + table.name + " than the server";
    if (sameStamps(seen_before->second, seen_after->second) &&
        seen_after->second.rowBytes() != table.data_bytes)
      return "table " + table.name + " has " + std::to_string(seen_after->second.rowBytes()) +
             " bytes of rows in it, at the server " + std::to_string(table.data_bytes);
  }
  return {};
}

std::string disproveFolder(Connection& connection, const std::string& database, const DatabaseFolder& folder,
                           const CancelToken& cancel) {
  std::string wrong;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    cancel.check();
    if (attempt > 0) std::this_thread::sleep_for(kPause * (1 << attempt));
    const auto before = folder.list();
    const auto server = listTables(connection, database);
    const auto after = folder.list();
    wrong = contradiction(before, server, after);
    if (wrong.empty()) return {};
  }
  return wrong;
}

FoundFolder findDatabaseFolder(Connection& connection, const ServerFacts& facts, const std::string& database,
                               const std::string& given, const CancelToken& cancel) {
  const std::filesystem::path root = given.empty() ? facts.data_folder : given;
  const std::filesystem::path path = root / encodeFileName(database);
  FoundFolder found;
  try {
    if (root.empty()) throw Error(ErrorCode::kNotFound, "the server does not say where its data folder is");
    found.folder = std::make_unique<DatabaseFolder>(path);
    const std::string wrong = disproveFolder(connection, database, *found.folder, cancel);
    if (wrong.empty()) return found;
    throw Error(ErrorCode::kUsage, path.string() + " is not where the server keeps this database: " + wrong);
  } catch (Error& e) {
    const bool about_folder = e.code() == ErrorCode::kUsage || e.code() == ErrorCode::kNotFound ||
                              e.code() == ErrorCode::kPermission || e.code() == ErrorCode::kIo;
    if (!about_folder) throw;
    if (!given.empty()) {
      if (e.code() == ErrorCode::kPermission) {
        e.addHint("run the backup as a user who may read the data folder (root or mysql)");
        throw;
      }
      throw Error(ErrorCode::kUsage, e.what(), kHint);
    }
    found.folder.reset();
    found.why_not = e.what();
    return found;
  }
}

}  // namespace enamel::mariadb
