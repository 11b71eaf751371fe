#include "cli/backup_report.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "cli/format.h"
#include "cli/output.h"
#include "jobs/result_json.h"

namespace enamel::cli {
namespace {

// A request takes some milliseconds where nobody is in the way.
constexpr double kLockWaitShownS = 0.1;

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
        << formatCount(result.manifest->tablesStored(), "table") << ", "
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
    printJson(context.out, jobs::summaryJson(result));
  } else {
    printForPeople(context, result, location);
  }
}

}  // namespace enamel::cli
