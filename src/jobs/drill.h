#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/progress.h"
#include "base/time.h"
#include "repository/repository.h"

namespace enamel::jobs {

struct DrillOptions {
  std::string snapshot = "latest";  // as Repository::findSnapshot takes it
  std::string scratch_folder;       // a temporary folder is made in it and removed; empty: $TMPDIR or /tmp
  std::size_t threads = 0;          // 0: one a CPU
  // Image files that are read back whole: so many, the newest among them, or all.
  static constexpr std::uint64_t kAllImages = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t read_images = 20;
  std::size_t findings_max = 20;           // of each check, named in the report; the rest is counted
  std::string program_version = "enamel";  // goes into the report
};

enum class CheckOutcome {
  kPassed,
  kFailed,
  kNoted,          // a fact for people to judge, no verdict
  kNotApplicable,  // nothing in the snapshot that this check is about; said in the report
};

// One thing that was checked.
struct DrillCheck {
  std::string name;   // stable, for scripts: "row_counts"
  std::string title;  // for people: "row counts equal the manifest"
  CheckOutcome outcome = CheckOutcome::kPassed;
  std::string summary;                // one line: "41 tables, 1,234,567 rows"
  std::vector<std::string> findings;  // what is wrong, at most findings_max
  std::uint64_t findings_total = 0;
  double seconds = 0;
};

// What a drill did and found: a record that a practice can file.
struct DrillReport {
  bool passed = false;  // no check failed
  std::string program_version;
  std::string repository_id;
  std::string snapshot_id;  // 64 digits
  Timestamp snapshot_time;
  std::string hostname;        // whose backup it is
  Timestamp instant;           // the moment the database is of; 0 if there is no manifest
  Timestamp started, ended;    // of the drill
  std::string database;        // its name in the practice
  std::string server_version;  // of the practice's server
  std::string drill_server_version;
  // From the restored data; empty where it is not an Open Dental database.
  std::string practice_title, database_version, opendental_version;
  std::string newest_log_entry;  // newest securitylog time as the database has it (local to the practice)
  std::uint64_t tables = 0, rows = 0, documents = 0, images = 0;
  std::uint64_t documents_left_out = 0;            // of documents: their file was left out on request
  std::uint64_t images_read = 0, image_bytes = 0;  // read back and found whole
  std::string images_chosen;  // which were to be: "all", "none", "newest_and_random"; empty: no images
  double seconds_restore = 0, seconds_check = 0, seconds_total = 0;
  std::vector<DrillCheck> checks;     // in the order they were made
  std::vector<std::string> warnings;  // nothing is missing, but worth knowing

  // For people: some 30 lines, ends with "PASSED" or "FAILED: ...".
  std::string toText() const;
  // One JSON object on one line, no newline at the end; message_type is "drill".
  std::string toJson() const;
};

// Restores the snapshot's database into a private server of Enamel's own (temporary data folder, socket only,
// no network) and checks it: see DESIGN.md "Restoring". What is wrong with the backup is in the report, not
// thrown; thrown is what keeps the drill from being made: no such snapshot, no mariadbd installed, disk full,
// cancelled. The private server and its folder are gone when this returns, also by exception; those of drills
// and restores that were killed are removed first. Loads the index. REQUIRES: the caller holds a shared
// RepositoryLock.
DrillReport runDrill(repository::Repository& repository, const DrillOptions& options, Progress& progress,
                     const CancelToken& cancel);

}  // namespace enamel::jobs
