#pragma once

#include <map>
#include <string>
#include <vector>

#include "mariadb/connection.h"
#include "mariadb/manifest.h"

namespace enamel::mariadb {

// The databases of one restore: the working one, where tables are made, and the target, where they appear.
// Each holds a marker table of its own until the end.
//
//   step         working database         target
//   open()       marker, tables           -
//   promote()    marker "promoting"       -                    then the target is made, with its marker
//                marker "promoting"       marker, tables       one RENAME TABLE; servers before 10.6 can be
//                cut
//                                                              off in the middle of it
//   finish()     -                        marker "complete"    the working database is dropped, then the
//   marker
//
// After a cut, open() clears the working database, by its name and its marker. The target is cleared only
// where the working database says "promoting" and nothing is in it, or nothing but the marker that promote()
// makes: else it is somebody's, or people may be working there already. open() then throws kExists and says
// what to run by hand.
//
// The connection holds a named lock meanwhile, so two restores to one name do not meet. Not thread-safe.
class RestoreWorkplace {
 public:
  // connection must outlive the object and is used by it alone for statements.
  RestoreWorkplace(Connection& connection, std::string target);

  // Takes the lock, clears the working database that an earlier restore to this target left, makes a new one
  // with its marker. label says what is restored. data_folder: the server's, if it is at hand, else empty.
  // Throws kExists if the target is there, kDatabaseBusy if another restore to it is running.
  void open(const Manifest& manifest, const std::string& label, const std::string& data_folder);
  const std::string& name() const { return working_; }
  const std::string& target() const { return target_; }
  // Things worth telling.
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Moves every table of the working database but its marker into the new target, those in `renamed` under
  // the name that it has for them. Throws kExists, with nothing changed, if somebody made the target
  // meanwhile.
  void promote(const std::map<std::string, std::string>& renamed);
  // Whether promote() has made the target: it and its marker are then this restore's own.
  bool targetMade() const { return target_made_; }
  void finish();

 private:
  bool exists(const std::string& database);
  // The marker's state ("working", "promoting", "complete"); empty if there is none, "not ours" if a table
  // has its name only.
  std::string markerState(const std::string& database);
  // Whether nothing but, perhaps, a marker is in it.
  bool isEmpty(const std::string& database);
  // Whether a marker that promote() made is all that is in the target, or nothing at all.
  bool holdsOnlyOurMarker();
  [[noreturn]] void refuseTarget(const std::string& marker_state);
  std::vector<std::string> baseTables(const std::string& database);
  // Drops the working database, and the files in its folder that belong to no table. Throws where the server
  // keeps a table.
  void clearWorking();
  void create(const std::string& database);
  void createMarker(const std::string& database, const std::string& state);
  void writeMarker(const std::string& database, const std::string& state);

  Connection& connection_;
  std::string target_, working_, label_, data_folder_, character_set_, collation_;
  std::vector<std::string> warnings_;
  bool target_made_ = false;
};

}  // namespace enamel::mariadb
