#include "mariadb/restore_definitions.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/letter_case.h"

namespace enamel::mariadb {
namespace {

bool isDefinition(StatementKind kind) {
  return kind == StatementKind::kCreateView || kind == StatementKind::kCreateTrigger ||
         kind == StatementKind::kCreateRoutine || kind == StatementKind::kCreateEvent;
}

const char* kindName(StatementKind kind) {
  switch (kind) {
    case StatementKind::kCreateView:
      return "view";
    case StatementKind::kCreateTrigger:
      return "trigger";
    case StatementKind::kCreateEvent:
      return "event";
    default:
      return "routine";
  }
}

void count(DefinitionsResult& result, StatementKind kind) {
  switch (kind) {
    case StatementKind::kCreateView:
      ++result.views;
      break;
    case StatementKind::kCreateTrigger:
      ++result.triggers;
      break;
    case StatementKind::kCreateEvent:
      ++result.events;
      break;
    default:
      ++result.routines;
  }
}

// Creates one object; without its DEFINER where the server grants only its owner that right.
void create(Connection& connection, const Statement& statement, const std::string& text,
            DefinitionsResult& result) {
  constexpr unsigned kNeedsPrivilege = 1227;
  try {
    connection.execute(text);
  } catch (const Error&) {
    if (connection.lastErrorNumber() != kNeedsPrivilege) throw;
    const std::string own = withoutDefiner(text);
    if (own == text) throw;
    connection.execute(own);
    result.warnings.push_back(
        std::string(kindName(statement.kind)) + " " + statement.name +
        " now belongs to the user who restores: making it for its definer needs more rights");
  }
}

// What must not work beside the database that it was made for. Changes the text of what is made otherwise;
// false: the statement is left out. // reaching: routines that name that database, or call one that does.
bool makeHarmless(Statement& statement, const std::string& what, const std::string& original_database,
                  const std::set<std::string>& reaching, DefinitionsResult& result) {
  const bool names_original = mentionsSchema(statement, original_database);
  if (statement.kind == StatementKind::kCreateTrigger &&
      (names_original || mentionsAny(statement, reaching))) {
    ++result.left_out_triggers;
    result.errors.push_back(what + " names the database " + original_database +
                            (names_original ? " in its body" : " by way of a routine that it calls") +
                            " and would write there when this one is changed; it was left out: its "
                            "definition is in the backup's " +
                            original_database + ".sql");
    return false;
  }
  if (statement.kind == StatementKind::kCreateEvent) {
    std::string disabled = withEventDisabled(statement);
    if (disabled.empty()) {
      ++result.left_out_events;
      result.errors.push_back(what +
                              " could not be switched off, so that it would run beside that of the "
                              "database " +
                              original_database + "; it was left out");
      return false;
    }
    statement.text = std::move(disabled);
    result.warnings.push_back(what +
                              " is switched off, so that it does not run beside that of the database " +
                              original_database + (names_original ? ", which it names in its body" : "") +
                              "; to switch it on: ALTER EVENT " + quoteName(statement.name) + " ENABLE");
    return true;
  }
  if (names_original)
    result.warnings.push_back(what + " names the database " + original_database +
                              " in its body and still does");
  return true;
}

// In capital letters.
std::set<std::string> routinesReaching(const std::vector<Statement>& statements,
                                       const std::string& original_database) {
  std::set<std::string> names;
  for (std::size_t before = names.size() + 1; before != names.size();) {
    before = names.size();
    for (const Statement& statement : statements) {
      if (statement.kind == StatementKind::kCreateRoutine &&
          (mentionsSchema(statement, original_database) || mentionsAny(statement, names)))
        names.insert(upperCase(statement.name));
    }
  }
  return names;
}

}  // namespace

DefinitionsResult restoreDefinitions(Connection& connection, const std::string& database,
                                     const std::string& original_database,
                                     const std::vector<Statement>& statements,
                                     const std::vector<std::string>& broken_views) {
  DefinitionsResult result;
  const bool renamed = database != original_database;
  connection.execute("USE " + quoteName(database));
  const std::set<std::string> reaching =
      renamed ? routinesReaching(statements, original_database) : std::set<std::string>();
  std::vector<bool> done(statements.size(), false);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    Statement statement = statements[i];
    const std::string what = std::string(kindName(statement.kind)) + " " + statement.name;
    if (isDefinition(statement.kind)) {
      if (renamed &&
          (statement.kind == StatementKind::kCreateView || statement.schema == original_database)) {
        statement.text = replaceSchema(statement, original_database, database);
      }
      const Statement now = classifyStatement(statement.text, statement.escapes);
      if (!now.schema.empty() && now.schema != database) {
        result.errors.push_back(what + " would be made in another database, " + now.schema +
                                "; it was left out");
        done[i] = true;
      } else if (renamed) {
        done[i] = !makeHarmless(statement, what, original_database, reaching, result);
      }
    } else {
      done[i] = statement.kind != StatementKind::kSetSession;
      if (statement.kind != StatementKind::kSetSession && statement.kind != StatementKind::kPreparation) {
        result.errors.push_back(
            "line " + std::to_string(statement.line) +
            " of the definitions is a statement that does not belong there; it was left out");
      }
    }
    texts.push_back(std::move(statement.text));
  }
  // A view may need another one, or a function, that comes later: round by round until no round makes
  // anything new.
  for (bool progress = true; progress;) {
    progress = false;
    std::vector<std::string> failed, broken;
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (done[i]) continue;
      try {
        if (statements[i].kind == StatementKind::kSetSession) {
          connection.execute(texts[i]);
          continue;
        }
        create(connection, statements[i], texts[i], result);
        count(result, statements[i].kind);
        done[i] = progress = true;
      } catch (const Error& e) {
        if (e.code() == ErrorCode::kDatabaseUnreachable) throw;
        const std::string what =
            std::string(kindName(statements[i].kind)) + " " + statements[i].name + ": " + e.what();
        const bool was_broken =
            statements[i].kind == StatementKind::kCreateView &&
            std::find(broken_views.begin(), broken_views.end(), statements[i].name) != broken_views.end();
        (was_broken ? broken : failed).push_back(what);
      }
    }
    if (!progress || (failed.empty() && broken.empty())) {
      result.broken_views = broken.size();
      for (const std::string& view : broken)
        result.warnings.push_back(view + "; it did not work when the backup was made, and was not made");
      result.errors.insert(result.errors.end(), failed.begin(), failed.end());
      break;
    }
  }
  return result;
}

}  // namespace enamel::mariadb
