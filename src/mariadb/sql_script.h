#pragma once

#include <cstddef>
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
  kSetSession,    // SET of session variables that say how definitions are to be read
  kSelectSetval,  // SELECT SETVAL(...): a sequence's position
  kPreparation,   // CREATE/ALTER/DROP/USE of what a restore decides itself: not run, not missed
  kOther,         // among them what reads rows or files, writes files or loads libraries while it defines
};

struct Statement {
  StatementKind kind = StatementKind::kOther;
  std::string text;    // without delimiter and leading comments, a table's without DATA and INDEX DIRECTORY
  std::string schema;  // the created object's database, if it is written with one
  std::string name;    // the created object
  std::size_t line = 0;
};

// The statements of a script as the mariadb client would cut it: DELIMITER lines, quotes, comments. Throws
// kCorrupt, naming `file` and the line, where a quote or comment does not end.
std::vector<Statement> splitScript(std::string_view script, const std::string& file);

// What one statement is; text without delimiter.
Statement classifyStatement(std::string_view text, bool backslash_escapes = true);

// The statement with every name `from`. in front of another name turned into `to`., for view definitions that
// a server wrote (all names quoted). Names inside strings and comments are left alone.
std::string replaceSchema(std::string_view statement, std::string_view from, std::string_view to);

// The statement without its DEFINER clause: it then belongs to whoever runs it.
std::string withoutDefiner(std::string_view statement);

// Whether the statement mentions the database by name, quoted or not, in front of a dot.
bool mentionsSchema(std::string_view statement, std::string_view schema);

}  // namespace enamel::mariadb
