#include "mariadb/definitions.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "mariadb/rights.h"

namespace enamel::mariadb {
namespace {

constexpr std::string_view kScriptHead =
    "-- Written by Enamel. Load it with: mariadb --default-character-set=utf8mb4 < this file\n"
    "-- after the tables are in place.\n"
    "SET NAMES utf8mb4;\n";

std::string text(const StoredRow& row, std::size_t column) {
  return column < row.size() ? row[column].value_or("") : std::string();
}

// For comments: a name may hold a line break, after which it would be a statement.
std::string oneLine(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '\n' || c == '\r'; }, '?');
  return name;
}

// A delimiter that the definition does not contain.
std::string delimiterFor(const std::string& statement) {
  std::string delimiter = ";;";
  while (statement.find(delimiter) != std::string::npos) delimiter += delimiter.back() == ';' ? '$' : ';';
  return delimiter;
}

class Reader {
 public:
  Reader(Connection& connection, const std::string& database)
      : connection_(connection), database_(database) {}

  void database() {
    const auto row = connection_.query(
        "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE "
        "SCHEMA_NAME = " +
        quoteValue(database_));
    if (row.empty())
      throw Error(ErrorCode::kNotFound, "there is no database " + database_ + " on the server",
                  "check the name in the database's URL; SHOW DATABASES lists what the user may see");
    result_.character_set = text(row[0], 0);
    result_.collation = text(row[0], 1);
    const std::string set =
        " DEFAULT CHARACTER SET " + result_.character_set + " COLLATE " + result_.collation;
    result_.script.append(kScriptHead);
    result_.script += "CREATE DATABASE IF NOT EXISTS " + quoteName(database_) + set + ";\n";
    result_.script += "ALTER DATABASE " + quoteName(database_) + set + ";\n";
    result_.script += "USE " + quoteName(database_) + ";\n";
  }

  void routines() {
    for (const StoredRow& row :
         list("routines",
              "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " +
                  quoteValue(database_) + " ORDER BY ROUTINE_TYPE, ROUTINE_NAME")) {
      const std::string type = text(row, 0);
      const auto shown = show(type, text(row, 1), "SHOW CREATE " + type + " " + quoteName(text(row, 1)));
      // Name, sql_mode, statement, character_set_client, collation_connection, database collation.
      if (shown.size() < 5 || !shown[2]) continue;
      mode(text(shown, 1), text(shown, 4));
      define({.type = type,
              .name = text(row, 1),
              .table = {},
              .sql_mode = text(shown, 1),
              .collation = text(shown, 4),
              .time_zone = {},
              .statement = text(shown, 2)});
      ++result_.routines;
    }
  }

  void views(const std::vector<TableInfo>& tables) {
    struct View {
      std::string statement, collation;
    };
    std::map<std::string, View> views;
    for (const TableInfo& table : tables) {
      if (table.kind != TableKind::kView) continue;
      const auto shown = show("view", table.name, "SHOW CREATE VIEW " + quoteName(table.name));
      if (shown.size() >= 4 && shown[1]) views[table.name] = {text(shown, 1), text(shown, 3)};
    }
    // A view after all views whose names it mentions.
    std::set<std::string> done;
    const auto write = [&](const auto& self, const std::string& name) -> void {
      if (!done.insert(name).second) return;
      const View& view = views.at(name);
      for (const auto& [other, unused] : views)
        if (other != name && view.statement.find(quoteName(other)) != std::string::npos) self(self, other);
      mode("", view.collation);
      define({.type = "VIEW",
              .name = name,
              .table = {},
              .sql_mode = {},
              .collation = view.collation,
              .time_zone = {},
              .statement = view.statement});
      ++result_.views;
    };
    for (const auto& [name, unused] : views) write(write, name);
  }

  void triggers() {
    for (const StoredRow& row :
         list("triggers",
              "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA "
              "= " +
                  quoteValue(database_) +
                  " ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, "
                  "CREATED, TRIGGER_NAME")) {
      const auto shown = show("trigger", text(row, 0), "SHOW CREATE TRIGGER " + quoteName(text(row, 0)));
      // Name, sql_mode, statement, character_set_client, collation_connection, ...
      if (shown.size() < 5 || !shown[2]) continue;
      mode(text(shown, 1), text(shown, 4));
      define({.type = "TRIGGER",
              .name = text(row, 0),
              .table = text(row, 1),
              .sql_mode = text(shown, 1),
              .collation = text(shown, 4),
              .time_zone = {},
              .statement = text(shown, 2)});
      ++result_.triggers;
    }
  }

  void events() {
    for (const StoredRow& row :
         list("events", "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " +
                            quoteValue(database_) + " ORDER BY EVENT_NAME")) {
      const auto shown = show("event", text(row, 0), "SHOW CREATE EVENT " + quoteName(text(row, 0)));
      // Name, sql_mode, time_zone, statement, character_set_client, collation_connection, ...
      if (shown.size() < 6 || !shown[3]) continue;
      mode(text(shown, 1), text(shown, 5));
      result_.script += "SET time_zone = " + quoteValue(text(shown, 2)) + ";\n";
      define({.type = "EVENT",
              .name = text(row, 0),
              .table = {},
              .sql_mode = text(shown, 1),
              .collation = text(shown, 5),
              .time_zone = text(shown, 2),
              .statement = text(shown, 3)});
      ++result_.events;
    }
  }

  Definitions take() { return std::move(result_); }

 private:
  // A list that an old server does not have, or that the user may not see, is empty.
  std::vector<StoredRow> list(const std::string& what, const std::string& sql) {
    try {
      return connection_.query(sql);
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      result_.errors.push_back("the " + what + " are not in the backup: " + e.what());
      return {};
    }
  }

  StoredRow show(const std::string& kind, const std::string& name, const std::string& sql) {
    std::string why = "the database user may not see it";
    try {
      const auto rows = connection_.query(sql);
      const std::size_t statement = kind == "view" ? 1 : kind == "event" ? 3 : 2;
      if (!rows.empty() && statement < rows[0].size() && rows[0][statement]) return rows[0];
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      why = e.what();
      if (kind == "view" && e.code() == ErrorCode::kDatabaseDenied)
        why += "; on the server: " + grantOnDatabase(connection_, "SHOW VIEW", database_);
    }
    result_.errors.push_back("the definition of " + kind + " " + name + " is not in the backup: " + why);
    return {};
  }

  void mode(const std::string& sql_mode, const std::string& collation) {
    std::string set = "SET sql_mode = " + quoteValue(sql_mode);
    if (!collation.empty()) set += ", collation_connection = " + quoteValue(collation);
    if (set == last_mode_) return;
    result_.script += set + ";\n";
    last_mode_ = std::move(set);
  }

  void define(DefinedObject object) {
    const std::string delimiter = delimiterFor(object.statement);
    result_.script +=
        "DELIMITER " + delimiter + "\n" + object.statement + "\n" + delimiter + "\nDELIMITER ;\n";
    result_.objects.push_back(std::move(object));
  }

  Connection& connection_;
  const std::string& database_;
  Definitions result_;
  std::string last_mode_;
};

}  // namespace

Definitions readDefinitions(Connection& connection, const std::string& database,
                            const std::vector<TableInfo>& tables) {
  Reader reader(connection, database);
  reader.database();
  reader.routines();
  reader.views(tables);
  reader.triggers();
  reader.events();
  Definitions definitions = reader.take();
  for (std::string& blind_spot : blindSpots(connection, database))
    definitions.errors.push_back(std::move(blind_spot));
  return definitions;
}

std::string showCreate(Connection& connection, const std::string& database, const TableInfo& table) {
  const std::string kind = table.kind == TableKind::kSequence ? "SEQUENCE " : "TABLE ";
  const auto rows =
      connection.query("SHOW CREATE " + kind + quoteName(database) + "." + quoteName(table.name));
  if (rows.empty() || !rows[0].at(1)) throw Error(ErrorCode::kNotFound, "there is no table " + table.name);
  return *rows[0].at(1);
}

std::string tableScript(const TableInfo& table, const std::string& create_statement,
                        const std::vector<TableColumn>& columns) {
  std::string script =
      "SET NAMES utf8mb4;\nSET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n" + create_statement + ";\n";
  if (columns.empty()) return script;
  std::string names;
  for (const TableColumn& column : columns)
    if (!column.generated) names += (names.empty() ? "" : ", ") + quoteName(column.name);
  script +=
      "-- The rows, values as they were stored, times in UTC:\n"
      "-- SET time_zone = '+00:00', sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', "
      "foreign_key_checks = 0;\n"
      "-- LOAD DATA LOCAL INFILE '" +
      table.stem + ".txt' INTO TABLE " + oneLine(quoteName(table.name)) + " CHARACTER SET binary (" +
      oneLine(names) + ");\n";
  return script;
}

std::string sequencePosition(Connection& connection, const std::string& database, const std::string& name) {
  try {
    const auto rows = connection.query("SELECT next_not_cached_value, cycle_count FROM " +
                                       quoteName(database) + "." + quoteName(name));
    if (rows.empty() || !rows[0].at(0)) return {};
    return "SELECT SETVAL(" + quoteName(name) + ", " + *rows[0][0] + ", 0, " + rows[0].at(1).value_or("0") +
           ");\n";
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kNotFound) throw;
    return {};
  }
}

std::string readAccounts(Connection& connection, std::vector<std::string>& warnings) {
  std::string script =
      "-- Written by Enamel: users, roles and their rights. Load what is wanted with the mariadb client.\n"
      "SET NAMES utf8mb4;\n";
  std::vector<StoredRow> accounts;
  bool roles = true;
  try {
    try {
      accounts = connection.query(
          "SELECT User, Host, is_role, default_role FROM mysql.user ORDER BY is_role DESC, User, Host");
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable || e.code() == ErrorCode::kDatabaseDenied) throw;
      roles = false;  // a server that knows none
      accounts = connection.query("SELECT User, Host FROM mysql.user ORDER BY User, Host");
    }
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
    warnings.push_back(std::string("users and rights are not in the backup: ") + e.what());
    return script + "-- The backup's database user may not read mysql.user: nothing is here.\n";
  }
  std::string grants, defaults;
  for (const StoredRow& row : accounts) {
    const std::string user = text(row, 0);
    const bool is_role = roles && text(row, 2) == "Y";
    if (user == "mariadb.sys" || user == "PUBLIC" || user.starts_with("mysql.")) continue;
    const std::string name = is_role ? quoteName(user) : quoteValue(user) + "@" + quoteValue(text(row, 1));
    try {
      if (is_role) {
        script += "CREATE ROLE IF NOT EXISTS " + name + ";\n";
      } else {
        try {
          std::string create = connection.queryValue("SHOW CREATE USER " + name).value_or("");
          constexpr std::string_view kCreate = "CREATE USER ";
          if (create.starts_with(kCreate)) create.insert(kCreate.size(), "IF NOT EXISTS ");
          if (!create.empty()) script += create + ";\n";
        } catch (const Error& e) {
          // An old server: its grants say how the user signs in.
          if (e.code() != ErrorCode::kDatabase) throw;
        }
        const std::string role = text(row, 3);
        if (!role.empty()) defaults += "SET DEFAULT ROLE " + quoteName(role) + " FOR " + name + ";\n";
      }
      for (const StoredRow& grant : connection.query("SHOW GRANTS FOR " + name))
        if (grant.at(0) && !grant.at(0)->starts_with("SET DEFAULT ROLE")) grants += *grant.at(0) + ";\n";
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
      warnings.push_back("the rights of " + name + " are not in the backup: " + e.what());
    }
  }
  return script + grants + defaults;
}

}  // namespace enamel::mariadb
