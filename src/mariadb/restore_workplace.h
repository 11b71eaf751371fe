#pragma once

#include <string>
#include <vector>

#include "mariadb/connection.h"
#include "mariadb/manifest.h"

namespace enamel::mariadb {

// The databases of one restore: the working one, where tables are made, and the target, where they appear all
// at once. Whatever a cut-off restore leaves holds the marker table, or is empty and told of by a marker;
// open() then clears it. A database without a marker is never touched.
//
//   state        working database   target
//   open()       marker, tables     -
//   promote()    marker "promoting" -            then the empty target is made
//                (empty)            marker, tables   one RENAME TABLE: all or nothing
//   finish()     -                  marker       the working database is dropped, then the marker: done
//
// The connection holds a named lock meanwhile, so two restores to one name do not meet. Not thread-safe.
class RestoreWorkplace {
 public:
  // connection must outlive the object and is used by it alone for statements.
  RestoreWorkplace(Connection& connection, std::string target);

  // Takes the lock, clears what an earlier restore to this target left, makes the working database with its
  // marker. label says what is restored. data_folder: the server's, if it is at hand, else empty. Throws
  // kExists if the target is there, kDatabaseBusy if another restore to it is running.
  void open(const Manifest& manifest, const std::string& label, const std::string& data_folder);
  const std::string& name() const { return working_; }
  const std::string& target() const { return target_; }
  // Things worth telling.
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Moves every table of the working database into the new target.
  void promote();
  void finish();

 private:
  bool exists(const std::string& database);
  // The marker's state ("working", "promoting"); empty if there is none.
  std::string markerState(const std::string& database);
  bool isEmpty(const std::string& database);
  std::vector<std::string> baseTables(const std::string& database);
  void clear(const std::string& database);
  void create(const std::string& database);
  void writeMarker(const std::string& database, const std::string& state);

  Connection& connection_;
  std::string target_, working_, data_folder_, character_set_, collation_;
  std::vector<std::string> warnings_;
};

}  // namespace enamel::mariadb
