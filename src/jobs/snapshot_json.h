#pragma once

#include <nlohmann/json_fwd.hpp>

#include "repository/snapshot.h"
#include "repository/tree.h"

namespace enamel::jobs {

// A snapshot with restic's names: time, parent, tree, paths, hostname, ..., summary, id, short_id.
nlohmann::ordered_json snapshotJson(const repository::Snapshot& snapshot);

// One line of `ls --json`: name, type, path, uid, gid, size, mode, permissions, mtime, ..., struct_type.
nlohmann::ordered_json nodeJson(const repository::Node& node, const std::string& path);

// "file", "dir", "symlink", ...: restic's words.
std::string_view nodeTypeName(repository::NodeType type);
// "-rw-r--r--", "drwxr-x---", as `ls -l` writes it.
std::string permissionText(const repository::Node& node);

}  // namespace enamel::jobs
