#include "jobs/result_json.h"

#include <nlohmann/json.hpp>

#include "base/time.h"
#include "jobs/backup.h"
#include "jobs/forget.h"
#include "jobs/restore.h"
#include "repository/check.h"

namespace enamel::jobs {
namespace {

using nlohmann::ordered_json;

ordered_json pruneJson(const repository::PruneResult& result) {
  return {{"snapshots", result.snapshots},
          {"packs_kept", result.packs_kept},
          {"packs_removed", result.packs_removed},
          {"bytes_removed", result.bytes_removed},
          {"packs_rewritten", result.packs_rewritten},
          {"bytes_rewritten", result.bytes_rewritten},
          {"packs_unindexed", result.packs_unindexed},
          {"bytes_unindexed", result.bytes_unindexed},
          {"bytes_before", result.bytes_before},
          {"bytes_freed", result.bytes_freed},
          {"bytes_unused", result.bytes_unused},
          {"warnings", result.warnings}};
}

ordered_json filesJson(const files::RestoreResult& files) {
  return {{"files", files.files}, {"directories", files.directories}, {"bytes", files.bytes}};
}

void addFileCounts(ordered_json& object, const repository::SnapshotSummary& summary) {
  object["files_new"] = summary.files_new;
  object["files_changed"] = summary.files_changed;
  object["files_unmodified"] = summary.files_unmodified;
  object["dirs_new"] = summary.dirs_new;
  object["dirs_changed"] = summary.dirs_changed;
  object["dirs_unmodified"] = summary.dirs_unmodified;
  object["data_blobs"] = summary.data_blobs;
  object["tree_blobs"] = summary.tree_blobs;
  object["data_added"] = summary.data_added;
  object["data_added_packed"] = summary.data_added_packed;
  object["total_files_processed"] = summary.total_files_processed;
  object["total_bytes_processed"] = summary.total_bytes_processed;
}

ordered_json imagesJson(const files::ArchiveStats& stats) {
  return {{"files_new", stats.files_new},
          {"files_changed", stats.files_changed},
          {"files_unmodified", stats.files_unmodified},
          {"files_rewritten", stats.files_rewritten},
          {"scrambled_new", stats.scrambled_new},
          {"scrambled_rewritten", stats.scrambled_rewritten}};
}

ordered_json rowLossesJson(const std::vector<RowLoss>& losses) {
  ordered_json list = ordered_json::array();
  for (const RowLoss& loss : losses)
    list.push_back({{"table", loss.table}, {"rows_before", loss.rows_before}, {"rows", loss.rows}});
  return list;
}

}  // namespace

std::string jsonText(const ordered_json& object) {
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json problemsJson(const std::vector<files::Problem>& problems) {
  ordered_json list = ordered_json::array();
  for (const files::Problem& problem : problems)
    list.push_back({{"path", problem.path}, {"what", problem.what}});
  return list;
}

ordered_json summaryJson(const BackupResult& result) {
  const repository::Snapshot& snapshot = result.snapshot;
  ordered_json object = {{"message_type", "summary"}, {"complete", result.complete()}};
  const mariadb::Manifest none;
  const mariadb::Manifest& manifest = result.manifest ? *result.manifest : none;
  object["lock_seconds"] = manifest.lock_seconds;
  object["lock_attempts"] = manifest.lock_attempts;
  object["lock_wait_seconds"] = manifest.lock_wait_seconds;
  object["lock_method"] = result.manifest ? manifest.lock_method : "none";
  object["tables"] = manifest.tablesStored();
  object["rows"] = manifest.rowCount();
  addFileCounts(object, snapshot.summary.value_or(repository::SnapshotSummary()));
  object["total_duration"] = result.seconds_total;
  object["snapshot_id"] = snapshot.id.hex();
  object["time"] = formatRfc3339(snapshot.time);
  object["tree"] = snapshot.tree.hex();
  if (snapshot.parent) object["parent"] = snapshot.parent->hex();
  if (result.images) object["images"] = imagesJson(*result.images);
  if (result.manifest) object["fewer_rows"] = rowLossesJson(result.fewer_rows);
  object["warnings"] = result.warnings;
  object["errors"] = problemsJson(result.errors);
  return object;
}

ordered_json summaryJson(const RestoreResult& result) {
  ordered_json object = {{"message_type", "summary"},
                         {"snapshot_id", result.snapshot.id.hex()},
                         {"complete", result.complete()},
                         {"total_duration", result.seconds_total}};
  if (result.database) {
    object["database"] = {{"name", result.database->database},
                          {"tables", result.database->tables},
                          {"rows", result.database->rows},
                          {"seconds_files", result.database->seconds_files},
                          {"seconds_indexes", result.database->seconds_indexes},
                          {"seconds_rows", result.database->seconds_rows}};
  }
  if (result.images) object["images"] = filesJson(*result.images);
  if (result.files) object["files"] = filesJson(*result.files);
  object["warnings"] = result.warnings;
  object["errors"] = problemsJson(result.errors);
  if (!result.what_is_left.empty()) object["what_is_left"] = result.what_is_left;
  return object;
}

ordered_json summaryJson(const repository::CheckResult& result) {
  return {{"message_type", "summary"},
          {"ok", result.ok()},
          {"num_errors", result.errors.size()},
          {"snapshots", result.snapshots},
          {"trees", result.trees},
          {"blobs", result.blobs},
          {"packs", result.packs},
          {"bytes_read", result.bytes_read},
          {"warnings", result.warnings},
          {"advice", result.advice}};
}

ordered_json summaryJson(const ForgetResult& result, bool dry_run) {
  ordered_json object = {{"message_type", "summary"},
                         {"dry_run", dry_run},
                         {"kept", result.kept},
                         {"removed", result.removed},
                         {"warnings", result.warnings}};
  if (result.prune) object["prune"] = pruneJson(*result.prune);
  return object;
}

ordered_json summaryJson(const repository::PruneResult& result, bool dry_run) {
  ordered_json object = {{"message_type", "summary"}, {"dry_run", dry_run}};
  object.update(pruneJson(result));
  return object;
}

}  // namespace enamel::jobs
