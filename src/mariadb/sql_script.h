#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace enamel::mariadb {

// What a statement of a snapshot's .sql file does. A restore runs only kinds it expects; kOther is never run.
enum class StatementKind {
  kCreateTable,
  kCreateSequence,
  kCreateView,
  kCreateTrigger,
  kCreateRoutine,  // procedures, functions, packages
  kCreateEvent,
  kSetSession,    // SET of session variables that say how definitions are to be read, to plain values
  kSelectSetval,  // SELECT SETVAL(...): a sequence's position
  kPreparation,   // CREATE/ALTER/DROP/USE of what a restore decides itself: not run, not missed
  kOther,  // among them what reads rows or files, writes files or loads libraries while it defines, and
           // what servers of different versions may read differently
};

struct Statement {
  StatementKind kind = StatementKind::kOther;
  // Without delimiter and leading comments; a table's without DATA and INDEX DIRECTORY, its /*M!100301
  // COMPRESSED*/ as plain words.
  std::string text;
  std::string schema;  // the created object's database, if it is written with one
  std::string name;    // the created object
  std::size_t line = 0;
  // Whether a backslash in one of its strings is an escape where it stands.
  bool escapes = true;
  // Of a SET that says so: whether a backslash in a string is an escape from here on.
  std::optional<bool> backslash_escapes = {};
};

// Whether the SETs of a script are run as well as its other statements.
enum class ScriptModes { kRun, kIgnored };

// The statements of a script as the mariadb client would cut it: DELIMITER lines, quotes, comments. Throws
// kCorrupt, naming `file` and the line, where a quote or comment does not end. kIgnored: statements are read
// as in the sql_mode of a restore's connection, in which backslashes are escapes, whatever the script sets.
std::vector<Statement> splitScript(std::string_view script, const std::string& file,
                                   ScriptModes modes = ScriptModes::kRun);

// What one statement is; text without delimiter.
Statement classifyStatement(std::string_view text, bool backslash_escapes = true);

// The statement with every name `from`. in front of another name turned into `to`., for view definitions that
// a server wrote (all names quoted). Names inside strings and comments are left alone.
std::string replaceSchema(const Statement& statement, std::string_view from, std::string_view to);

// The statement without its DEFINER clause: it then belongs to whoever runs it.
std::string withoutDefiner(std::string_view statement);

// The CREATE statement of a table or sequence with another name for what it makes, without a database.
std::string withCreatedName(const Statement& statement, std::string_view name);

// The CREATE EVENT statement with the event switched off; empty where its clauses are not understood.
std::string withEventDisabled(const Statement& statement);

// A CREATE TRIGGER statement, as its author wrote it, without the databases that may stand in front of the
// trigger's and its table's names: it is then made in the database that is selected. Its body stays.
std::string withoutTriggerSchema(const Statement& statement);

// Whether the statement mentions the database by name, quoted or not, in front of a dot, or may: servers
// could read it differently.
bool mentionsSchema(const Statement& statement, std::string_view schema);
// Whether one of the names (in capital letters) stands in the statement.
bool mentionsAny(const Statement& statement, const std::set<std::string>& names);

}  // namespace enamel::mariadb
