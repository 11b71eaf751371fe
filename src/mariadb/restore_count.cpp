#include "mariadb/restore_count.h"

#include "mariadb/restore_session.h"

namespace enamel::mariadb {

bool isSystemVersioned(Connection& connection, const std::string& database, const std::string& table) {
  return connection.queryValue(
             "SELECT TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + quoteValue(database) +
             " AND TABLE_NAME = " + quoteValue(table)) == "SYSTEM VERSIONED";
}

std::string countRestoredRows(Connection& connection, const std::string& database, const std::string& table,
                              TableForm form) {
  const bool files = form == TableForm::kFiles || form == TableForm::kFilesKeyed;
  const bool history = files && isSystemVersioned(connection, database, table);
  return connection
      .queryValue("SELECT COUNT(*) FROM " + qualified(database, table) +
                  (history ? " FOR SYSTEM_TIME ALL" : ""))
      .value_or("none");
}

}  // namespace enamel::mariadb
