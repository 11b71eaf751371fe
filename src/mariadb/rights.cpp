#include "mariadb/rights.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "base/error.h"

namespace enamel::mariadb {
namespace {

// No table has this name. The server looks at rights before it looks for the table.
constexpr const char* kNoSuchTable = "enamel asks whether it may read all tables";

// The account that the server took the session for, as GRANT takes it. It may be another than the one that
// was given: 'enamel'@'%'.
std::string account(Connection& connection) {
  const std::string user = connection.queryValue("SELECT CURRENT_USER()").value_or("");
  const auto at = user.rfind('@');
  if (at == std::string::npos) return quoteValue(user);
  return quoteValue(user.substr(0, at)) + "@" + quoteValue(user.substr(at + 1));
}

// A database's name in GRANT is a pattern.
std::string quotePattern(std::string_view database) {
  std::string pattern;
  for (const char c : database) {
    if (c == '_' || c == '%' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return quoteName(pattern);
}

bool isDenied(Connection& connection, const std::string& sql) {
  try {
    connection.query(sql);
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
    return e.code() == ErrorCode::kDatabaseDenied;
  }
  return false;
}

// Whether "GRANT SELECT, CREATE VIEW" names the right: no part of another's name.
bool names(std::string_view rights, std::string_view right) {
  rights.remove_prefix(std::min(rights.size(), std::string_view("GRANT ").size()));
  while (!rights.empty()) {
    const std::size_t comma = std::min(rights.find(", "), rights.size());
    if (rights.substr(0, comma) == right) return true;
    rights.remove_prefix(std::min(rights.size(), comma + 2));
  }
  return false;
}

// Whether one line of SHOW GRANTS gives the right on the database; an empty name: on everything.
bool grants(Connection& connection, const std::string& line, std::string_view right,
            const std::string& database) {
  const auto on = line.find(" ON ");
  if (on == std::string::npos) return false;  // a role: what it may do stands in lines of its own
  const std::string_view rights = std::string_view(line).substr(0, on);
  if (!names(rights, right) && !names(rights, "ALL PRIVILEGES")) return false;
  const std::string_view target = std::string_view(line).substr(on + 4);
  if (target.starts_with("*.*")) return true;
  if (database.empty()) return false;
  const auto end = target.find("`.* TO ");
  if (!target.starts_with('`') || end == std::string_view::npos) return false;
  std::string pattern;
  for (std::size_t i = 1; i < end; ++i) {
    pattern += target[i];
    if (target[i] == '`') ++i;  // written twice in a quoted name
  }
  return connection.queryValue("SELECT " + quoteValue(database) + " LIKE " + quoteValue(pattern)) == "1";
}

// There is no statement that shows whether triggers could be seen where there is none. SHOW GRANTS holds what
// the account may do by itself and by the roles that are on. True if that cannot be found out.
bool isGranted(Connection& connection, std::string_view right, const std::string& database) {
  try {
    for (const StoredRow& row : connection.query("SHOW GRANTS"))
      if (row.at(0) && grants(connection, *row[0], right, database)) return true;
    return false;
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
    return true;
  }
}

// The right REPLICATION CLIENT has that name from 10.5.2 on.
bool knowsBinlogMonitor(const ServerFacts& facts) {
  int major = 0, minor = 0;
  return facts.is_mariadb && std::sscanf(facts.version.c_str(), "%d.%d", &major, &minor) == 2 &&
         (major > 10 || (major == 10 && minor >= 5));
}

}  // namespace

std::vector<std::string> missingGrants(Connection& connection, const ServerFacts& facts,
                                       const std::string& database) {
  std::vector<std::string> statements;
  const auto addMissing = [&](const std::vector<std::string>& rights, const std::string& on,
                              const std::function<bool(const std::string&)>& is_missing) {
    std::string missing;
    for (const std::string& right : rights)
      if (is_missing(right)) missing += (missing.empty() ? "" : ", ") + right;
    if (!missing.empty())
      statements.push_back("GRANT " + missing + " ON " + on + " TO " + account(connection));
  };
  const auto mayReadAll = [&](const std::string& name) {
    return !isDenied(connection, "SELECT 1 FROM " + quoteName(name) + "." + quoteName(kNoSuchTable));
  };
  std::vector<std::string> global = {"RELOAD", "PROCESS"};
  if (facts.binary_log)
    global.emplace_back(knowsBinlogMonitor(facts) ? "BINLOG MONITOR" : "REPLICATION CLIENT");
  addMissing(global, "*.*", [&](const std::string& right) { return !isGranted(connection, right, ""); });
  addMissing({"SELECT", "SHOW VIEW", "TRIGGER", "EVENT"}, quotePattern(database) + ".*",
             [&](const std::string& right) {
               return right == "SELECT" ? !mayReadAll(database) : !isGranted(connection, right, database);
             });
  addMissing({"SELECT"}, "mysql.*", [&](const std::string&) { return !mayReadAll("mysql"); });
  return statements;
}

std::vector<std::string> missingRights(Connection& connection, const std::vector<std::string>& rights,
                                       const std::string& database) {
  std::vector<std::string> missing;
  for (const std::string& right : rights)
    if (!isGranted(connection, right, database)) missing.push_back(right);
  return missing;
}

bool seesAllRoutines(Connection& connection) {
  return !isDenied(connection, "SELECT 1 FROM mysql.proc LIMIT 0");
}

std::string accountName(Connection& connection) {
  return account(connection);
}

std::string grantOnDatabase(Connection& connection, std::string_view rights, std::string_view database) {
  return "GRANT " + std::string(rights) + " ON " + quotePattern(database) + ".* TO " + account(connection);
}

void requireSelect(Connection& connection, const std::string& database) {
  if (!isDenied(connection, "SELECT 1 FROM " + quoteName(database) + "." + quoteName(kNoSuchTable))) return;
  throw Error(ErrorCode::kDatabaseDenied,
              "the account " + account(connection) + " may not read all tables of the database " + database +
                  ", and those it may not read the server does not even show: they would be missing in the "
                  "backup without a word",
              "if the database's name is right, run on the server, as its administrator: " +
                  grantOnDatabase(connection, "SELECT, SHOW VIEW, TRIGGER, EVENT", database) +
                  "; GRANT SELECT ON mysql.* TO " + account(connection));
}

std::vector<std::string> blindSpots(Connection& connection, const std::string& database) {
  std::vector<std::string> blind;
  const auto add = [&](const std::string& what, const std::string& right, const std::string& grant) {
    blind.push_back(what + ", if there are any, are not in the backup: the database account lacks " + right +
                    " (on the server: " + grant + ")");
  };
  if (!isGranted(connection, "TRIGGER", database))
    add("triggers", "the right TRIGGER", grantOnDatabase(connection, "TRIGGER", database));
  if (isDenied(connection, "SHOW EVENTS FROM " + quoteName(database)))
    add("events", "the right EVENT", grantOnDatabase(connection, "EVENT", database));
  // Not there: a server that keeps routines elsewhere.
  if (isDenied(connection, "SELECT 1 FROM mysql.proc LIMIT 0"))
    add("routines of others", "the right SELECT on mysql.proc",
        "GRANT SELECT ON mysql.proc TO " + account(connection));
  return blind;
}

}  // namespace enamel::mariadb
