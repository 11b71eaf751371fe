#include "mariadb/table_inventory.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/error.h"
#include "mariadb/file_name.h"

namespace enamel::mariadb {
namespace {

std::string text(const std::optional<std::string>& value) {
  return value.value_or("");
}

std::uint64_t number(const std::optional<std::string>& value) {
  return value ? std::strtoull(value->c_str(), nullptr, 10) : 0;
}

std::optional<std::int64_t> seconds(const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  return std::strtoll(value->c_str(), nullptr, 10);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool TableInfo::holdsNoRows() const {
  static constexpr std::array<std::string_view, 8> kEngines{
      "MRG_MyISAM", "MRG_MYISAM", "FEDERATED", "BLACKHOLE",
      "SPIDER",     "CONNECT",    "SPHINX",    "PERFORMANCE_SCHEMA"};
  return kind != TableKind::kTable || std::find(kEngines.begin(), kEngines.end(), engine) != kEngines.end();
}

std::vector<TableInfo> listTables(Connection& connection, std::string_view database) {
  connection.execute("SET time_zone = '+00:00'");
  const auto rows = connection.query(
      "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, UNIX_TIMESTAMP(UPDATE_TIME), "
      "UNIX_TIMESTAMP(CREATE_TIME), TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = " +
      quoteValue(database));
  std::vector<TableInfo> tables;
  tables.reserve(rows.size());
  for (const StoredRow& row : rows) {
    TableInfo table;
    table.name = text(row.at(0));
    table.stem = encodeFileName(table.name);
    const std::string type = text(row.at(1));
    if (contains(type, "VIEW")) table.kind = TableKind::kView;
    if (type == "SEQUENCE") table.kind = TableKind::kSequence;
    table.system_versioned = type == "SYSTEM VERSIONED";
    table.engine = text(row.at(2));
    table.rows = number(row.at(3));
    table.data_bytes = number(row.at(4));
    table.update_time_s = seconds(row.at(5));
    table.create_time_s = seconds(row.at(6));
    const std::string comment = text(row.at(7));
    if (table.kind == TableKind::kTable && table.engine.empty()) table.problem = comment;
    if (table.kind == TableKind::kView && comment != "VIEW") table.problem = comment;
    tables.push_back(std::move(table));
  }
  std::sort(tables.begin(), tables.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return tables;
}

std::vector<std::string> listTableNames(Connection& connection, std::string_view database) {
  std::vector<std::string> names;
  for (const StoredRow& row : connection.query("SHOW TABLES FROM " + quoteName(database)))
    if (row.at(0)) names.push_back(*row.at(0));
  std::sort(names.begin(), names.end());
  return names;
}

TableColumns readColumns(Connection& connection, std::string_view database, std::string_view table) {
  const std::string where =
      " WHERE TABLE_SCHEMA = " + quoteValue(database) + " AND TABLE_NAME = " + quoteValue(table);
  TableColumns result;
  for (const StoredRow& row :
       connection.query("SELECT COLUMN_NAME, DATA_TYPE, EXTRA, COLUMN_TYPE FROM information_schema.COLUMNS" +
                        where + " ORDER BY ORDINAL_POSITION")) {
    const std::string extra = text(row.at(2));
    result.columns.push_back({.name = text(row.at(0)),
                              .type = text(row.at(1)),
                              .full_type = text(row.at(3)),
                              .auto_increment = contains(extra, "auto_increment"),
                              .generated = contains(extra, "VIRTUAL") || contains(extra, "PERSISTENT") ||
                                           contains(extra, "STORED GENERATED")});
  }
  if (result.columns.empty())
    throw Error(ErrorCode::kNotFound, "table " + std::string(table) + " has no columns to be seen");
  for (const StoredRow& row : connection.query("SELECT COLUMN_NAME FROM information_schema.STATISTICS" +
                                               where + " AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX"))
    result.primary_key.push_back(text(row.at(0)));
  return result;
}

}  // namespace enamel::mariadb
