#include "jobs/selection.h"

#include <algorithm>

#include "jobs/parent.h"
#include "jobs/tree_path.h"

namespace enamel::jobs {
namespace {

bool startsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool isAtOrBelow(const std::string& path, const std::string& folder) {
  return startsWith(path, folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string join(const std::vector<std::string>& parts, std::size_t first = 0) {
  std::string path;
  for (std::size_t i = first; i < parts.size(); ++i) {
    if (i != first) path += '/';
    path += parts[i];
  }
  return path;
}

// The table that a name below /database/NAME/ means: the server's name for it, or one of its files.
const mariadb::ManifestTable* findTable(const mariadb::Manifest& manifest, const std::string& name) {
  if (const mariadb::ManifestTable* table = manifest.find(name)) return table;
  for (const mariadb::ManifestTable& table : manifest.tables) {
    if (!startsWith(name, table.file) || table.file.empty()) continue;
    const std::string rest = name.substr(table.file.size());
    if (rest.empty() || rest.front() == '.' || rest.front() == '#') return &table;
  }
  return nullptr;
}

}  // namespace

Selection::Selection(const std::vector<std::string>& paths, const repository::Repository& repository,
                     const repository::BlobId& root, const std::optional<mariadb::Manifest>& manifest)
    : all_(paths.empty()) {
  for (const std::string& path : paths) {
    Wanted wanted = resolve(path, repository, root, manifest);
    if (wanted.path.empty()) all_ = true;
    wanted_.push_back(std::move(wanted));
  }
}

Selection::Wanted Selection::resolve(const std::string& text, const repository::Repository& repository,
                                     const repository::BlobId& root,
                                     const std::optional<mariadb::Manifest>& manifest) const {
  const std::vector<std::string> parts = splitPath(text);
  Wanted wanted;
  wanted.path = join(parts);
  wanted.in_database = manifest && !parts.empty() && parts[0] == kDatabaseName;
  const bool below_name = wanted.in_database && parts.size() > 2;
  const std::string name = below_name ? join(parts, 2) : std::string();
  const mariadb::ManifestTable* table = below_name ? findTable(*manifest, name) : nullptr;
  if (table != nullptr) wanted.table = table->name;

  const std::optional<repository::Node> node = findNode(repository, root, wanted.path);
  if (node) {
    wanted.is_database =
        wanted.in_database && parts.size() <= 2 && node->type == repository::NodeType::kDirectory;
    return wanted;
  }
  if (table == nullptr || (table->name != name && table->file != name))
    throw Error(ErrorCode::kNotFound, "\"/" + wanted.path + "\" is not in the snapshot",
                "`enamel ls SNAPSHOT` lists what is");
  wanted.is_stem = true;
  wanted.path = parts[0] + "/" + parts[1] + "/" + table->file;
  return wanted;
}

bool Selection::accepts(const std::string& path) const {
  if (all_) return true;
  return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
    if (!wanted.is_stem) return isAtOrBelow(path, wanted.path);
    return path.size() > wanted.path.size() && startsWith(path, wanted.path) &&
           (path[wanted.path.size()] == '.' || path[wanted.path.size()] == '#');
  });
}

bool Selection::mayContain(const std::string& folder) const {
  if (all_) return true;
  return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
    return isAtOrBelow(wanted.path, folder) || (!wanted.is_stem && isAtOrBelow(folder, wanted.path));
  });
}

std::optional<std::vector<std::string>> Selection::tables() const {
  if (all_) return std::nullopt;
  std::vector<std::string> names;
  for (const Wanted& wanted : wanted_) {
    if (!wanted.in_database) continue;
    if (wanted.is_database) return std::nullopt;
    if (wanted.table.empty())
      throw Error(ErrorCode::kUsage, "\"/" + wanted.path + "\" is not a table",
                  "name tables as /database/NAME/TABLE, or use --files-to for single files");
    if (std::find(names.begin(), names.end(), wanted.table) == names.end()) names.push_back(wanted.table);
  }
  return names;
}

}  // namespace enamel::jobs
