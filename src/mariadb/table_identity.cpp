#include "mariadb/table_identity.h"

#include "base/error.h"
#include "mariadb/file_name.h"

namespace enamel::mariadb {

TableIdentities::TableIdentities(Connection& connection, const std::string& database) : database_(database) {
  try {
    noted_ = numbers(connection, nullptr);
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
  }
  if (!noted_.empty()) return;
  numbered_ = false;  // no right to see them, or a server that does not show them
  noted_ = times(connection, nullptr);
}

void TableIdentities::refresh(Connection& connection) {
  if (numbered_) noted_ = numbers(connection, nullptr);
}

bool TableIdentities::isStill(Connection& connection, const TableInfo& table) const {
  const auto noted = noted_.find(table.stem);
  if (noted == noted_.end()) return true;
  const ByStem now = read(connection, &table);
  const auto found = now.find(table.stem);
  return found != now.end() && found->second == noted->second;
}

TableIdentities::ByStem TableIdentities::read(Connection& connection, const TableInfo* only) const {
  return numbered_ ? numbers(connection, only) : times(connection, only);
}

// InnoDB calls its tables DATABASE/TABLE as their files are called; t#P#p0 is a partition of t.
TableIdentities::ByStem TableIdentities::numbers(Connection& connection, const TableInfo* only) const {
  const std::string folder = encodeFileName(database_);
  const std::string prefix = folder + "/";
  const std::string where = only == nullptr
                                ? "SUBSTRING_INDEX(NAME, '/', 1) = " + quoteValue(folder)
                                : "SUBSTRING_INDEX(NAME, '#', 1) = " + quoteValue(prefix + only->stem);
  ByStem result;
  for (const StoredRow& row :
       connection.query("SELECT NAME, TABLE_ID FROM information_schema.INNODB_SYS_TABLES WHERE " + where +
                        " ORDER BY NAME")) {
    const std::string name = row.at(0).value_or("");
    if (!name.starts_with(prefix)) continue;  // compared without regard to case
    const std::string stem = name.substr(prefix.size(), name.find('#', prefix.size()) - prefix.size());
    if (!stem.empty()) result[stem] += row.at(1).value_or("") + " ";
  }
  return result;
}

TableIdentities::ByStem TableIdentities::times(Connection& connection, const TableInfo* only) const {
  ByStem result;
  for (const StoredRow& row : connection.query(
           "SELECT TABLE_NAME, CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = " +
           quoteValue(database_) + " AND ENGINE = 'InnoDB'" +
           (only == nullptr ? "" : " AND TABLE_NAME = " + quoteValue(only->name)))) {
    result[encodeFileName(row.at(0).value_or(""))] = row.at(1).value_or("");
  }
  return result;
}

}  // namespace enamel::mariadb
