#pragma once

#include <map>
#include <string>

#include "mariadb/connection.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {

// Which InnoDB table stands behind a name. RENAME TABLE can put another one there whose definition is the
// same to the letter; a consistent snapshot then gives that one's rows without a word.
//
// InnoDB numbers its tables; the numbers are seen with the right PROCESS. Without it the tables' times of
// creation stand in for them, which a RENAME changes too, in whole seconds.
class TableIdentities {
 public:
  // Notes those of all InnoDB tables of the database, as close before the lock as can be.
  TableIdentities(Connection& connection, const std::string& database);

  // Under the lock: notes them again where that takes no opening of tables, so that they are the instant's.
  void refresh(Connection& connection);
  // Whether the table's name still stands for what was noted; true of what was not. Only means something
  // while nobody can rename it.
  bool isStill(Connection& connection, const TableInfo& table) const;

 private:
  using ByStem = std::map<std::string, std::string>;
  ByStem read(Connection& connection, const TableInfo* only) const;
  ByStem numbers(Connection& connection, const TableInfo* only) const;
  ByStem times(Connection& connection, const TableInfo* only) const;

  const std::string database_;
  bool numbered_ = true;
  ByStem noted_;
};

}  // namespace enamel::mariadb
