#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/run.h"

namespace enamel::service {

// What a run is asked to do beyond its kind. Which members a kind has: see parseRunOptions().
struct RunOptions {
  bool database = true, images = true;  // backup: what of the configured sources
  std::string snapshot = "latest";      // drill, restore: id, its first digits, or "latest"
  std::uint64_t read_images = 20;       // drill: how many images are read back
  bool read_data = false;               // check: every byte
  std::vector<std::string> snapshots;   // forget: these; none: what the configured retention does not keep
  bool dry_run = false;                 // forget, prune
  std::string database_as;              // restore: the new database's name; empty: no database
  std::string images_to, files_to;      // restore: folders; empty: none
  std::vector<std::string> only;        // restore: paths in the snapshot; none: everything
  std::string doc_path;                 // restore: where the new database looks for images; empty: as it did
  std::string copy;                     // go_live: "database", whose tables take the live one's place
  std::uint64_t run = 0;                // undo: the go_live run to take back; 0: the newest
  std::string aside;                    // undo: where that put the live database's tables; empty: any
  std::string confirm;                  // go_live, undo: the live database's name, typed

  friend bool operator==(const RunOptions&, const RunOptions&) = default;
};

// Reads a JSON object; members that are not there have the defaults above. backup: database, images; drill:
// snapshot, read_images; check: read_data; forget: snapshots, dry_run; prune: dry_run; restore: snapshot,
// database_as, images_to, files_to, only, doc_path; go_live: database, confirm; undo: run, aside, confirm.
// Throws kUsage naming the member for any other, for a wrong type, and for values that cannot be; kLimit past
// 64 KiB.
RunOptions parseRunOptions(RunKind kind, std::string_view json);

// As JSON with exactly the members that the kind has: equal options give equal texts.
std::string formatRunOptions(RunKind kind, const RunOptions& options);

}  // namespace enamel::service
