#include "mariadb/data_folder.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/fd.h"
#include "mariadb/file_name.h"
#include "mariadb/myi_header.h"
#include "mariadb/table_damage.h"

namespace enamel::mariadb {
namespace {

constexpr int kAttempts = 6;
// What looks damaged may be a table that is just being made or dropped: it has to look so each time.
constexpr int kDamageAttempts = 3;
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

// The first file of the table that cannot be looked at, and why; empty if all can be.
std::string unreadable(const TableFileSet& set) {
  for (const TableFile& file : set.files) {
    if (file.stat_error == 0) continue;
    const std::string why =
        file.stat_error == EINVAL ? "it is not a file" : std::generic_category().message(file.stat_error);
    return file.name + " cannot be read: " + why;
  }
  return {};
}

bool hasKind(const TableFileSet& set, FileKind kind) {
  return std::any_of(set.files.begin(), set.files.end(), [&](const auto& f) { return f.kind == kind; });
}

bool isMyIsamPart(const TableFileSet& set) {
  return hasKind(set, FileKind::kRows) || hasKind(set, FileKind::kIndexes);
}

bool hasDefinition(const TableFileSet& set) {
  return std::any_of(set.files.begin(), set.files.end(),
                     [](const auto& f) { return f.name.ends_with(".frm"); });
}

// A row file without its index file or the other way round; empty if each has the other.
std::string missingHalf(const TableFileSet& set) {
  std::set<std::string> names;
  for (const TableFile& file : set.files) names.insert(file.name);
  for (const TableFile& file : set.files) {
    if (file.kind == FileKind::kDefinition) continue;
    std::string other = file.name;
    other.back() = file.kind == FileKind::kRows ? 'I' : 'D';
    if (names.count(other) == 0) return other;
  }
  return {};
}

std::optional<std::uint64_t> rowBytesByIndex(const DatabaseFolder& folder, const TableFileSet& set) {
  std::uint64_t bytes = 0;
  for (const TableFile& file : set.files) {
    if (file.kind != FileKind::kIndexes) continue;
    try {
      std::uint8_t prefix[MyiHeader::kPrefixBytes];
      const std::size_t got = readFullAt(folder.open(file.name).get(), prefix, 0, file.name);
      const auto header = parseMyiHeader({prefix, got});
      if (!header) return std::nullopt;
      bytes += header->data_file_bytes;
    } catch (const Error&) {
      return std::nullopt;
    }
  }
  return bytes;
}

// One look at the folder, the server, and the folder again.
class Comparison {
 public:
  using Tables = std::map<std::string, TableFileSet>;
  using IndexSays = std::function<std::optional<std::uint64_t>(const TableFileSet&)>;

  Comparison(const Tables& before, const Tables& after, const IndexSays& index_says, ProofMoment moment)
      : before_(before), after_(after), index_says_(index_says), moment_(moment) {}

  FolderProof run(const std::vector<TableInfo>& server) {
    std::set<std::string> known;
    for (const TableInfo& table : server) {
      known.insert(table.stem);
      proof_.contradiction = look(table);
      if (!proof_.contradiction.empty()) break;
    }
    // Where no table could be held against the server, nothing is proven.
    if (proof_.contradiction.empty() && compared_ == 0 && !unreadable_.empty())
      proof_.contradiction = "not one of its tables can be read: " + unreadable_;
    for (const auto& [stem, set] : after_) {
      const auto seen_before = before_.find(stem);
      if (known.count(stem) != 0 || seen_before == before_.end() || hasDefinition(seen_before->second) ||
          hasDefinition(set))
        continue;
      damaged(stem, decodeFileName(stem).value_or("#mysql50#" + stem),
              "its definition " + stem + ".frm is missing, so the server does not know the table, though " +
                  set.files.front().name + " is there");
    }
    return std::move(proof_);
  }

 private:
  void damaged(const std::string& stem, const std::string& name, const std::string& what) {
    proof_.damaged.emplace(stem, DamagedTable{name, withAdvice(what, name)});
  }

  // Returns what contradicts.
  std::string look(const TableInfo& table) {
    const auto seen_before = before_.find(table.stem);
    const auto seen_after = after_.find(table.stem);
    const bool seen = seen_before != before_.end() && seen_after != after_.end();
    if (!table.problem.empty()) {
      if (seen && isMyIsamPart(seen_after->second))
        damaged(table.stem, table.name, "the server cannot open it: " + table.problem);
      return {};
    }
    if (!table.isMyIsam()) return {};
    if (!seen || !hasDefinition(seen_after->second) || !isMyIsamPart(seen_after->second))
      return "it does not hold the files of table " + table.name;
    return look(table, seen_before->second, seen_after->second);
  }

  std::string look(const TableInfo& table, const TableFileSet& before, const TableFileSet& after) {
    if (const std::string what = unreadable(after); !what.empty()) {
      if (unreadable_.empty()) unreadable_ = what;
      damaged(table.stem, table.name, what);
      return {};
    }
    if (const std::string missing = missingHalf(after); !missing.empty()) {
      if (moment_ == ProofMoment::kAfterLock)
        return "it does not hold " + missing + " of table " + table.name + ", which the server has";
      damaged(table.stem, table.name, "its file " + missing + " is missing");
      return {};
    }
    ++compared_;
    if (!table.update_time_s) return {};
    if (after.rowTime() < *table.update_time_s)
      return "the server has written to table " + table.name + ", the folder does not show it";
    if (before.rowTime() > *table.update_time_s)
      return "it holds a newer table " + table.name + " than the server";
    if (!sameStamps(before, after) || after.rowBytes() == table.data_bytes) return {};
    if (index_says_(after) == table.data_bytes) {
      damaged(table.stem, table.name,
              "its .MYD has " + std::to_string(after.rowBytes()) + " bytes, its index and the server say " +
                  std::to_string(table.data_bytes));
      return {};
    }
    return "table " + table.name + " has " + std::to_string(after.rowBytes()) +
           " bytes of rows in it, at the server " + std::to_string(table.data_bytes);
  }

  const Tables& before_;
  const Tables& after_;
  const IndexSays& index_says_;
  const ProofMoment moment_;
  FolderProof proof_;
  std::size_t compared_ = 0;  // tables
  std::string unreadable_;    // the first file that is, and why
};

}  // namespace

FolderProof compareFolder(const std::map<std::string, TableFileSet>& before,
                          const std::vector<TableInfo>& server,
                          const std::map<std::string, TableFileSet>& after,
                          const std::function<std::optional<std::uint64_t>(const TableFileSet&)>& index_says,
                          ProofMoment moment) {
  return Comparison(before, after, index_says, moment).run(server);
}

FolderProof proveFolder(Connection& connection, const std::string& database, const DatabaseFolder& folder,
                        ProofMoment moment, const CancelToken& cancel) {
  const auto index_says = [&](const TableFileSet& set) { return rowBytesByIndex(folder, set); };
  FolderProof proof;
  std::optional<std::map<std::string, DamagedTable>> always;
  int looks = 0;  // without a contradiction
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    cancel.check();
    if (attempt > 0) std::this_thread::sleep_for(kPause * (1 << attempt));
    const auto before = folder.list();
    const auto server = listTables(connection, database);
    const auto after = folder.list();
    proof = compareFolder(before, server, after, index_says, moment);
    if (!proof.contradiction.empty()) continue;
    if (!always) always = proof.damaged;
    std::erase_if(*always, [&](const auto& entry) { return proof.damaged.count(entry.first) == 0; });
    if (always->empty() || ++looks >= kDamageAttempts) break;
  }
  if (always) proof.damaged = std::move(*always);
  return proof;
}

FoundFolder findDatabaseFolder(Connection& connection, const ServerFacts& facts, const std::string& database,
                               const std::string& given, const CancelToken& cancel) {
  const std::filesystem::path root = given.empty() ? facts.data_folder : given;
  const std::filesystem::path path = root / encodeFileName(database);
  FoundFolder found;
  try {
    if (root.empty()) throw Error(ErrorCode::kNotFound, "the server does not say where its data folder is");
    found.folder = std::make_unique<DatabaseFolder>(path);
    FolderProof proof = proveFolder(connection, database, *found.folder, ProofMoment::kBeforeLock, cancel);
    found.damaged = std::move(proof.damaged);
    if (proof.contradiction.empty()) return found;
    throw Error(ErrorCode::kUsage,
                path.string() + " is not where the server keeps this database: " + proof.contradiction);
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
    found.damaged.clear();
    found.why_not = e.what();
    return found;
  }
}

}  // namespace enamel::mariadb
