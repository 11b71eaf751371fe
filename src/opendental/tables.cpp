#include "opendental/tables.h"

#include <algorithm>

#include "base/letter_case.h"

namespace enamel::opendental {

using mariadb::Connection;
using mariadb::quoteValue;

bool hasTable(Connection& connection, const std::string& table) {
  return connection
      .queryValue(
          "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " +
          quoteValue(table))
      .has_value();
}

std::vector<std::string> missingColumns(Connection& connection, const std::string& table,
                                        const std::vector<std::string>& columns) {
  std::vector<std::string> missing = columns;
  connection.stream(
      "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " +
          quoteValue(table),
      [&](const mariadb::Row& row) {
        const std::string there = upperCase(row.at(0).text());
        std::erase_if(missing, [&](const std::string& column) { return upperCase(column) == there; });
      });
  return missing;
}

}  // namespace enamel::opendental
