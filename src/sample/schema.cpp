#include "sample/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "mariadb/connection.h"

namespace enamel::sample {
namespace {

// With Engine::kMixed, as in a practice that moved some tables and forgot the rest. Front desk tables are on
// both sides, so that one instant has to hold across engines.
constexpr std::array<std::string_view, 9> kInnodbWhenMixed = {"payment",  "securitylog",  "patient",
                                                              "claim",    "emailmessage", "histappointment",
                                                              "taskhist", "document",     "preference"};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string columnSql(std::string_view name, std::string_view kind) {
  const std::string sql = mariadb::quoteName(name) + ' ';
  const auto length = [&](std::size_t at) { return fmt::format("({})", kind.substr(at)); };
  if (kind == "pk") return sql + "bigint(20) NOT NULL AUTO_INCREMENT";
  if (kind == "key") return sql + "bigint(20) NOT NULL";
  if (kind == "id") return sql + "bigint(20) NOT NULL DEFAULT 0";
  if (kind == "int") return sql + "int(11) NOT NULL DEFAULT 0";
  if (kind == "small") return sql + "smallint(6) NOT NULL DEFAULT 0";
  if (kind == "tiny") return sql + "tinyint(4) NOT NULL DEFAULT 0";
  if (kind == "utiny") return sql + "tinyint(3) unsigned NOT NULL DEFAULT 0";
  if (kind == "money") return sql + "double NOT NULL DEFAULT 0";
  if (kind == "float") return sql + "float NOT NULL DEFAULT 0";
  if (kind == "date") return sql + "date NOT NULL DEFAULT '0001-01-01'";
  if (kind == "olddate") return sql + "date NOT NULL DEFAULT '0000-00-00'";
  if (kind == "datetime") return sql + "datetime NOT NULL DEFAULT '0001-01-01 00:00:00'";
  if (kind == "olddatetime") return sql + "datetime NOT NULL DEFAULT '0000-00-00 00:00:00'";
  if (kind == "time") return sql + "time NOT NULL DEFAULT '00:00:00'";
  if (kind == "ntime") return sql + "time DEFAULT NULL";
  if (kind == "stamp") {
    return sql + "timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP";
  }
  if (kind == "text") return sql + "text NOT NULL";
  if (kind == "ntext") return sql + "text DEFAULT NULL";
  if (kind == "mtext") return sql + "mediumtext NOT NULL";
  if (kind == "ltext") return sql + "longtext NOT NULL";
  if (kind.substr(0, 1) == "c") return sql + "char" + length(1) + " DEFAULT ''";
  if (kind.substr(0, 1) == "b") {
    return sql + "varchar" + length(1) + " CHARACTER SET utf8 COLLATE utf8_bin NOT NULL DEFAULT ''";
  }
  if (kind.substr(0, 1) == "v") return sql + "varchar" + length(1) + " NOT NULL DEFAULT ''";
  if (kind.substr(0, 1) == "n") return sql + "varchar" + length(1) + " DEFAULT NULL";
  ENAMEL_CHECK(!"a column of a kind that columnSql() knows");
  return sql;
}

std::string indexSql(std::string_view columns) {
  std::string name = "index";
  std::string list;
  for (const std::string_view column : split(columns, ',')) {
    const std::string_view bare = column.substr(0, column.find('('));
    name += fmt::format("_{}", bare);
    list +=
        fmt::format("{}{}{}", list.empty() ? "" : ",", mariadb::quoteName(bare), column.substr(bare.size()));
  }
  return "KEY " + mariadb::quoteName(name.substr(0, 64)) + " (" + list + ")";
}

}  // namespace

bool usesInnodb(std::string_view table, Engine engine) {
  if (engine != Engine::kMixed) return engine == Engine::kInnodb;
  return std::find(kInnodbWhenMixed.begin(), kInnodbWhenMixed.end(), table) != kInnodbWhenMixed.end();
}

std::string createTableSql(const TableDefinition& table, Engine engine) {
  std::string sql = "CREATE TABLE " + mariadb::quoteName(table.name) + " (\n";
  std::string_view primary;
  for (const std::string_view column : split(table.columns, ' ')) {
    const std::size_t colon = column.find(':');
    const std::string_view name = column.substr(0, colon);
    const std::string_view kind = column.substr(colon + 1);
    if (kind == "pk" || kind == "key") primary = name;
    sql += "  " + columnSql(name, kind) + ",\n";
  }
  sql += "  PRIMARY KEY (" + mariadb::quoteName(primary) + ")";
  for (const std::string_view index : split(table.indexes, ' ')) sql += ",\n  " + indexSql(index);
  return sql + "\n) ENGINE=" + (usesInnodb(table.name, engine) ? "InnoDB" : "MyISAM") +
         " DEFAULT CHARSET=utf8";
}

std::vector<std::string> otherDefinitions() {
  return {
      "CREATE VIEW activepatient AS SELECT PatNum, LName, FName, Birthdate, PriProv, BalTotal FROM patient "
      "WHERE PatStatus = 0"};
}

}  // namespace enamel::sample
