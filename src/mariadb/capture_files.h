#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mariadb/capture_context.h"
#include "mariadb/data_folder.h"
#include "mariadb/locked_read.h"
#include "mariadb/precopy.h"

namespace enamel::mariadb {

// The tables that are captured as their own files: those that have rows and indexes as MyISAM files in the
// database's folder, and are MyISAM tables by what the server says. Such files beside another engine's table
// are left over from something, and its rows are not in them.
class CaptureFiles {
 public:
  // Finds the folder and proves it, where it may be used; see data_folder.h.
  CaptureFiles(CaptureContext& context, const std::vector<TableInfo>& inventory);

  bool inUse() const { return folder_ != nullptr; }
  // Whether the table is captured as files, or would be if it were not damaged or too much to read.
  bool has(const std::string& stem) const {
    return stems_.count(stem) != 0 || damaged_.count(stem) != 0 || given_up_.count(stem) != 0;
  }
  std::uint64_t rowBytes() const;

  // Before the lock, every time: reads until little is left, and makes ready.
  void prepare();
  // Under the lock; see LockedRead::read. False: make the instant again.
  bool read(bool force);
  // Under the lock: asks the server about tables that the inventory does not know.
  void confirmEngines();
  // After it.
  void store();
  // Throws kVerifyFailed if the folder turns out not to follow the server.
  void confirm();
  // Adds the tables' entries and nodes, and names what is damaged. names: all of the database at the instant.
  void take(const std::vector<std::string>& names, SnapshotNodes& make);

 private:
  void list();
  void syncTables();
  void prepareClones();
  void warnOfLeftovers(const std::string& name, const std::string& stem);
  std::string take(const std::string& name, const std::string& stem, SnapshotNodes& make);

  CaptureContext& context_;
  std::unique_ptr<DatabaseFolder> folder_;
  Listing listing_;
  std::set<std::string> stems_;
  std::set<std::string> myisam_;              // stems that the server says are MyISAM tables
  std::map<std::string, std::string> other_;  // stems that it says are not -> what they are
  // Tables not captured because reading them under the lock would take too long, by stem: why.
  std::map<std::string, std::string> given_up_;
  int slow_rounds_ = 0;
  // By stem: found when the folder was proven before the lock, and after it.
  std::map<std::string, DamagedTable> damaged_, damaged_after_;
  const BlockHasher hasher_;
  WorkerPool workers_;  // for the time under the lock
  std::unique_ptr<PreCopy> precopy_;
  std::unique_ptr<KeptBlocks> kept_;
  std::unique_ptr<FileCloner> cloner_;  // null: not tried yet
  std::unique_ptr<LockedRead> locked_;
};

}  // namespace enamel::mariadb
