#include "repository/snapshot.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "repository/json_read.h"

namespace enamel::repository {
namespace {

nlohmann::ordered_json toJson(const SnapshotSummary& s) {
  return {{"backup_start", formatRfc3339(s.backup_start)},
          {"backup_end", formatRfc3339(s.backup_end)},
          {"files_new", s.files_new},
          {"files_changed", s.files_changed},
          {"files_unmodified", s.files_unmodified},
          {"dirs_new", s.dirs_new},
          {"dirs_changed", s.dirs_changed},
          {"dirs_unmodified", s.dirs_unmodified},
          {"data_blobs", s.data_blobs},
          {"tree_blobs", s.tree_blobs},
          {"data_added", s.data_added},
          {"data_added_packed", s.data_added_packed},
          {"total_files_processed", s.total_files_processed},
          {"total_bytes_processed", s.total_bytes_processed}};
}

SnapshotSummary summaryFrom(const JsonObject& object) {
  return {.backup_start = timeMember(object, "backup_start"),
          .backup_end = timeMember(object, "backup_end"),
          .files_new = numberMember(object, "files_new"),
          .files_changed = numberMember(object, "files_changed"),
          .files_unmodified = numberMember(object, "files_unmodified"),
          .dirs_new = numberMember(object, "dirs_new"),
          .dirs_changed = numberMember(object, "dirs_changed"),
          .dirs_unmodified = numberMember(object, "dirs_unmodified"),
          .data_blobs = numberMember(object, "data_blobs"),
          .tree_blobs = numberMember(object, "tree_blobs"),
          .data_added = numberMember(object, "data_added"),
          .data_added_packed = numberMember(object, "data_added_packed"),
          .total_files_processed = numberMember(object, "total_files_processed"),
          .total_bytes_processed = numberMember(object, "total_bytes_processed")};
}

}  // namespace

bool Snapshot::hasTag(std::string_view tag) const {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

Bytes encodeSnapshot(const Snapshot& snapshot) {
  nlohmann::ordered_json json;
  json["time"] = formatRfc3339(snapshot.time);
  if (snapshot.parent) json["parent"] = snapshot.parent->hex();
  json["tree"] = snapshot.tree.hex();
  json["paths"] = snapshot.paths;
  if (!snapshot.hostname.empty()) json["hostname"] = snapshot.hostname;
  if (!snapshot.username.empty()) json["username"] = snapshot.username;
  if (snapshot.uid != 0) json["uid"] = snapshot.uid;
  if (snapshot.gid != 0) json["gid"] = snapshot.gid;
  if (!snapshot.excludes.empty()) json["excludes"] = snapshot.excludes;
  if (!snapshot.tags.empty()) json["tags"] = snapshot.tags;
  if (snapshot.original) json["original"] = snapshot.original->hex();
  if (!snapshot.program_version.empty()) json["program_version"] = snapshot.program_version;
  if (snapshot.summary) json["summary"] = toJson(*snapshot.summary);
  return toBytes(asBytes(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

Snapshot decodeSnapshot(ByteView json, const SnapshotId& id) {
  const std::string name = "snapshot " + id.shortHex();
  return readJson(json, name, [&](const JsonObject& object) {
    Snapshot s;
    s.id = id;
    if (!member(object, "time")) throw Error(ErrorCode::kCorrupt, name + " is damaged: it has no time");
    s.time = timeMember(object, "time");
    s.parent = idMember<SnapshotId>(object, "parent");
    const auto tree = idMember<BlobId>(object, "tree");
    if (!tree) throw Error(ErrorCode::kCorrupt, name + " is damaged: it has no tree");
    s.tree = *tree;
    s.paths = stringsMember(object, "paths");
    s.hostname = stringMember(object, "hostname");
    s.username = stringMember(object, "username");
    s.uid = number32Member(object, "uid");
    s.gid = number32Member(object, "gid");
    s.excludes = stringsMember(object, "excludes");
    s.tags = stringsMember(object, "tags");
    s.original = idMember<SnapshotId>(object, "original");
    s.program_version = stringMember(object, "program_version");
    if (const auto summary = member(object, "summary")) s.summary = summaryFrom(summary->get_object());
    return s;
  });
}

}  // namespace enamel::repository
