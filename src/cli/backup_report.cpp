#include "cli/backup_report.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "cli/format.h"
#include "cli/output.h"

namespace enamel::cli {
namespace {

using nlohmann::ordered_json;

// A request takes some milliseconds where nobody is in the way.
constexpr double kLockWaitShownS = 0.1;

std::uint64_t tablesStored(const mariadb::Manifest& manifest) {
  std::uint64_t count = 0;
  for (const mariadb::ManifestTable& table : manifest.tables) count += table.error.empty() ? 1 : 0;
  return count;
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

ordered_json summaryJson(const jobs::BackupResult& result) {
  const repository::Snapshot& snapshot = result.snapshot;
  ordered_json object = {{"message_type", "summary"}, {"complete", result.complete()}};
  const mariadb::Manifest none;
  const mariadb::Manifest& manifest = result.manifest ? *result.manifest : none;
  object["lock_seconds"] = manifest.lock_seconds;
  object["lock_attempts"] = manifest.lock_attempts;
  object["lock_wait_seconds"] = manifest.lock_wait_seconds;
  object["lock_method"] = result.manifest ? manifest.lock_method : "none";
  object["tables"] = tablesStored(manifest);
  object["rows"] = manifest.rowCount();
  addFileCounts(object, snapshot.summary.value_or(repository::SnapshotSummary()));
  object["total_duration"] = result.seconds_total;
  object["snapshot_id"] = snapshot.id.hex();
  object["time"] = formatRfc3339(snapshot.time);
  object["tree"] = snapshot.tree.hex();
  if (snapshot.parent) object["parent"] = snapshot.parent->hex();
  object["warnings"] = result.warnings;
  object["errors"] = problemsJson(result.errors);
  return object;
}

// What else writers may have noticed, where it was more than asking.
std::string lockWait(const mariadb::Manifest& manifest) {
  if (manifest.lock_attempts <= 1 && manifest.lock_wait_seconds < kLockWaitShownS) return {};
  return "; " + formatCount(manifest.lock_attempts, "attempt") +
         " at the lock, behind which writes may have waited " + formatPause(manifest.lock_wait_seconds);
}

void printForPeople(const Context& context, const jobs::BackupResult& result, const std::string& location) {
  std::ostream& out = context.out;
  const repository::SnapshotSummary summary = result.snapshot.summary.value_or(repository::SnapshotSummary());
  if (result.manifest) {
    out << "database   " << printable(result.manifest->database) << ": "
        << formatCount(tablesStored(*result.manifest), "table") << ", "
        << formatCount(result.manifest->rowCount(), "row") << "; office paused "
        << formatPause(result.manifest->lock_seconds) << lockWait(*result.manifest) << '\n';
  }
  out << "files      " << formatCount(summary.total_files_processed) << " ("
      << formatSize(summary.total_bytes_processed) << "): " << formatCount(summary.files_new) << " new, "
      << formatCount(summary.files_changed) << " changed, " << formatCount(summary.files_unmodified)
      << " unchanged\n";
  out << "added      " << formatSize(summary.data_added_packed) << " to " << printable(location) << " ("
      << formatSize(summary.data_added) << " before compression)\n";
  out << "snapshot   " << result.snapshot.id.shortHex() << " of " << formatLocal(result.snapshot.time)
      << ", in " << formatPause(result.seconds_total) << '\n';
  if (result.complete()) {
    out << "The backup is complete. `enamel drill` proves that it restores.\n";
  } else {
    out << "The backup is INCOMPLETE: " << formatCount(result.errors.size(), "thing")
        << " could not be read, named above. All else is stored.\n"
           "Remove the cause and back up again; until then this snapshot is marked as incomplete.\n";
  }
}

}  // namespace

void printBackupReport(const Context& context, const jobs::BackupResult& result,
                       const std::string& location) {
  printWarnings(context, result.warnings);
  printProblems(context, result.errors, "archival");
  if (context.shared.json) {
    printJson(context.out, summaryJson(result));
  } else {
    printForPeople(context, result, location);
  }
}

}  // namespace enamel::cli
