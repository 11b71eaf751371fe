#include "mariadb/restore_rows.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "base/error.h"
#include "mariadb/member_list.h"
#include "mariadb/restore_session.h"
#include "mariadb/table_inventory.h"

namespace enamel::mariadb {
namespace {

constexpr std::uint64_t kDefinitionBytesMax = 16U << 20;

// Servers with lower_case_table_names store what they are given in lower case.
bool sameTableName(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// The column that a message names, if it is one of the table's: "... for column 'a' at row 5", "... for
// column `d`.`t`.`a` at row 5". What comes before may be a value.
std::string columnIn(const std::string& message, const std::vector<std::string>& columns) {
  constexpr std::string_view kBefore = "for column ";
  const std::size_t at = message.rfind(kBefore);
  if (at == std::string::npos) return {};
  const std::string rest = message.substr(at + kBefore.size());
  const std::string name = rest.substr(0, rest.rfind(" at row "));
  for (const std::string& column : columns) {
    const std::string quoted = "." + quoteName(column);
    const bool ends_so =
        name.size() > quoted.size() && name.compare(name.size() - quoted.size(), quoted.size(), quoted) == 0;
    if (ends_so || name == "'" + column + "'" || name == quoteName(column)) return column;
  }
  return {};
}

// What the server warned of, without its words: they repeat patients' values.
std::string warningsOf(Connection& connection, const std::vector<std::string>& columns) {
  std::map<std::string, std::uint64_t> kinds;
  for (const StoredRow& row : connection.query("SHOW WARNINGS")) {
    if (row.size() < 3) continue;
    const std::string column = columnIn(row[2].value_or(""), columns);
    ++kinds["warning " + row[1].value_or("?") + (column.empty() ? "" : " for column " + column)];
  }
  std::string text;
  for (const auto& [kind, count] : kinds) {
    text += (text.empty() ? "" : "; ") + kind + ", " + std::to_string(count) + " times";
  }
  return text;
}

// The columns that rows are loaded into and how, for the end of LOAD DATA. An ENUM that was given a value not
// in its list holds number 0, which reads as ''. The server takes that back, too, but not without a warning
// each, the same as for a damaged value: @enamel_none counts how many there must be.
struct LoadColumns {
  std::vector<std::string> names;
  std::string sql;
  std::string variables;  // to be set before, each after a comma
};
LoadColumns loadColumns(Connection& connection, const std::string& database, const std::string& table) {
  const std::vector<TableColumn> columns = readColumns(connection, database, table).columns;
  const bool has_enum =
      std::any_of(columns.begin(), columns.end(), [](const TableColumn& c) { return c.type == "enum"; });
  LoadColumns result;
  std::string list, settings;
  for (const TableColumn& column : columns) {
    if (column.generated) continue;
    const std::string name = quoteName(column.name);
    std::string into = name;
    if (column.auto_increment && has_enum) {
      // Beside SET, the server takes the 0 of a column that is not set itself for a wish for the next number.
      into = "@enamel_" + std::to_string(result.names.size());
      settings += (settings.empty() ? " SET " : ", ") + name + " = " + into;
    } else if (column.type == "enum") {
      const std::vector<std::string> members = listMembers(column.full_type);
      const std::string none =
          "_binary" + quoteValue(hasEmptyMember(members) ? numberText(0, members) : std::string());
      into = "@enamel_" + std::to_string(result.names.size());
      // Binary before the statement is prepared: the server would else take the column's bytes for text of
      // the connection's character set. All branches are the variable itself for the same reason.
      result.variables += ", " + into + " = _binary''";
      settings += (settings.empty() ? " SET " : ", ") + name + " = IF(" + into + " = " + none +
                  ", IF(@enamel_none := @enamel_none + 1, " + into + ", " + into + "), " + into + ")";
    }
    list += (list.empty() ? "" : ", ") + into;
    result.names.push_back(column.name);
  }
  result.sql = "(" + list + ")" + settings;
  return result;
}

// A definition may hold options of an engine that is not here (CONNECT's TABLE_TYPE).
void keepUnknownOptions(Connection& connection) {
  constexpr unsigned kWrongValue = 1231;  // a server that knows no such mode
  try {
    connection.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',IGNORE_BAD_TABLE_OPTIONS')");
  } catch (const Error&) {
    if (connection.lastErrorNumber() != kWrongValue) throw;
  }
}

// What the server said when it took another engine than the statement asks for, in words of our own.
std::string otherEngine(Connection& connection, const std::string& database, const std::string& table) {
  constexpr std::string_view kOtherEngine = "1266";
  if (connection.warningCount() == 0) return {};
  const std::vector<StoredRow> warnings = connection.query("SHOW WARNINGS");
  const bool other = std::any_of(warnings.begin(), warnings.end(), [&](const StoredRow& row) {
    return row.size() > 1 && row[1] == kOtherEngine;
  });
  if (!other) return {};
  const std::string engine =
      connection
          .queryValue("SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = " +
                      quoteValue(database) + " AND TABLE_NAME = " + quoteValue(table))
          .value_or("another one");
  return "table " + table + ": this server does not have its engine; it was made with " + engine;
}

bool isBeforeRows(StatementKind kind) {
  return kind == StatementKind::kSetSession || kind == StatementKind::kPreparation;
}

}  // namespace

const std::string& newName(const NewNames& names, const std::string& table) {
  const auto found = names.find(table);
  return found == names.end() ? table : found->second;
}

std::string createTable(Connection& connection, const std::string& database, const std::string& name,
                        const std::string& as, const Statement& statement) {
  if (!statement.schema.empty() || !sameTableName(statement.name, name)) {
    throw Error(ErrorCode::kCorrupt,
                "the definition of the table " + name + " makes another one, " + statement.name);
  }
  connection.execute("USE " + quoteName(database));
  keepUnknownOptions(connection);
  connection.execute(as == name ? statement.text : withCreatedName(statement, as));
  return otherEngine(connection, database, as);
}

std::string loadRows(Connection& connection, const std::string& database, const std::string& table,
                     std::uint64_t rows_expected, const RowReader& read) {
  const LoadColumns columns = loadColumns(connection, database, table);
  const std::string name = qualified(database, table);
  connection.execute("SET @enamel_none = 0" + columns.variables);
  const std::uint64_t loaded = connection.loadData(
      "LOAD DATA LOCAL INFILE 'rows' INTO TABLE " + name +
          " CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' " +
          columns.sql,
      read);
  std::string warnings = "0", told;
  if (connection.warningCount() != 0) {
    // The protocol's own count ends at 65535. In this order: the list forgets the count.
    warnings = connection.queryValue("SHOW COUNT(*) WARNINGS").value_or("?");
    told = warningsOf(connection, columns.names);
  }
  if (warnings != connection.queryValue("SELECT @enamel_none").value_or("0")) {
    return "the server changed or refused values of " + warnings + " rows: " + told;
  }
  const std::string counted = connection.queryValue("SELECT COUNT(*) FROM " + name).value_or("none");
  if (loaded != rows_expected || counted != std::to_string(rows_expected)) {
    return std::to_string(loaded) + " rows were loaded and " + counted +
           " counted, the backup's manifest says " + std::to_string(rows_expected);
  }
  return {};
}

std::string restoreRowTable(Connection& connection, const std::string& database, const RestoreSource& source,
                            const ManifestTable& table, const NewNames& names, bool stand_ins,
                            Progress& progress, const CancelToken& cancel, RowTableResult& result) {
  constexpr unsigned kUnknownEngine = 1286;
  const std::string& as = newName(names, table.name);
  const auto leaveOut = [&] {
    result.left_out.push_back("table " + table.name + ": this server does not have its engine (" +
                              table.engine + "), and the backup has only its definition; it was left out");
  };
  const repository::Node* definition = source.file(table, ".sql");
  const repository::Node* rows = source.file(table, ".txt");
  if (definition == nullptr) return "its definition " + table.file + ".sql is not in the snapshot";
  if (rows == nullptr && table.form == TableForm::kRows) {
    return "its rows " + table.file + ".txt are not in the snapshot";
  }
  try {
    bool created = false;
    // Its SETs are not run: the session is this restore's own.
    for (const Statement& statement : splitScript(source.text(*definition, kDefinitionBytesMax),
                                                  table.file + ".sql", ScriptModes::kIgnored)) {
      if (statement.kind == StatementKind::kCreateTable || statement.kind == StatementKind::kCreateSequence) {
        if (created) throw Error(ErrorCode::kCorrupt, table.file + ".sql makes more than one table");
        std::string warning;
        try {
          warning = createTable(connection, database, table.name, as, statement);
        } catch (const Error&) {
          if (table.form != TableForm::kDefinition || connection.lastErrorNumber() != kUnknownEngine) throw;
          leaveOut();
          return {};
        }
        if (!warning.empty() && table.form == TableForm::kDefinition && !stand_ins) {
          connection.execute("DROP TABLE " + qualified(database, as));
          leaveOut();
          return {};
        }
        if (!warning.empty()) result.warnings.push_back(std::move(warning));
        created = true;
      } else if (statement.kind == StatementKind::kSelectSetval && created) {
        connection.query(statement.text);
      } else if (statement.kind == StatementKind::kCreateTrigger ||
                 (created && statement.kind == StatementKind::kSetSession)) {
        result.deferred.push_back(statement);
      } else if (!isBeforeRows(statement.kind)) {
        throw Error(ErrorCode::kCorrupt, table.file + ".sql, line " + std::to_string(statement.line) +
                                             ": a statement that does not belong there");
      }
    }
    if (!created) return table.file + ".sql holds no definition";
    if (table.form != TableForm::kRows) return {};
    NodeReader reader(source.repository(), *rows);
    return loadRows(connection, database, as, table.rows, [&](MutableByteView buffer) {
      cancel.check();
      const std::size_t n = reader.read(buffer);
      progress.bytes_done += n;
      return n;
    });
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kDatabase && e.code() != ErrorCode::kCorrupt &&
        e.code() != ErrorCode::kNotFound) {
      throw;
    }
    return e.what();
  }
}

}  // namespace enamel::mariadb
