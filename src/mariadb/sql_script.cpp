#include "mariadb/sql_script.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"
#include "mariadb/sql_lexer.h"

namespace enamel::mariadb {
namespace {

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

struct ObjectWord {
  std::string_view word;
  StatementKind kind;
};
constexpr std::array<ObjectWord, 10> kObjectWords{{
    {"TABLE", StatementKind::kCreateTable},
    {"SEQUENCE", StatementKind::kCreateSequence},
    {"VIEW", StatementKind::kCreateView},
    {"TRIGGER", StatementKind::kCreateTrigger},
    {"PROCEDURE", StatementKind::kCreateRoutine},
    {"FUNCTION", StatementKind::kCreateRoutine},
    {"PACKAGE", StatementKind::kCreateRoutine},
    {"EVENT", StatementKind::kCreateEvent},
    {"DATABASE", StatementKind::kPreparation},
    {"SCHEMA", StatementKind::kPreparation},
}};

// After CREATE come a few clauses (OR REPLACE, ALGORITHM, DEFINER, SQL SECURITY, AGGREGATE), then what is
// made.
constexpr int kClauseTokensMax = 24;

// SQL SECURITY and DEFINER = `a`@`b` must not be taken for the object: their values are skipped.
void classifyCreate(SqlLexer& lexer, Statement& statement) {
  SqlToken token = lexer.next();
  for (int i = 0; i < kClauseTokensMax && token.kind != SqlTokenKind::kEnd; ++i, token = lexer.next()) {
    if (isSymbol(token, '=') || isSymbol(token, '@')) {
      token = lexer.next();
      continue;
    }
    const auto* found = std::find_if(kObjectWords.begin(), kObjectWords.end(),
                                     [&](const ObjectWord& object) { return isKeyword(token, object.word); });
    if (found == kObjectWords.end()) {
      // A TEMPORARY table is no part of a database.
      if (isKeyword(token, "TEMPORARY") || isKeyword(token, "USER") || isKeyword(token, "SERVER")) return;
      continue;
    }
    statement.kind = found->kind;
    token = lexer.next();
    if (isKeyword(token, "BODY")) token = lexer.next();
    if (isKeyword(token, "IF")) {
      lexer.next();
      lexer.next();
      token = lexer.next();
    }
    if (!isName(token)) {
      statement.kind = StatementKind::kOther;
      return;
    }
    statement.name = unquoted(token);
    SqlLexer after = lexer;
    const bool qualified = isSymbol(after.next(), '.');
    if (after.doubtful()) {  // a server may see another name, or none
      statement.kind = StatementKind::kOther;
      return;
    }
    if (qualified) {
      statement.schema = statement.name;
      statement.name = unquoted(after.next());
      lexer = after;
    }
    return;
  }
}

bool isSessionVariable(std::string_view name) {
  static constexpr std::array<std::string_view, 15> kNames{"character_set_client",
                                                           "character_set_results",
                                                           "character_set_connection",
                                                           "collation_connection",
                                                           "collation_database",
                                                           "character_set_database",
                                                           "sql_mode",
                                                           "time_zone",
                                                           "foreign_key_checks",
                                                           "unique_checks",
                                                           "sql_notes",
                                                           "sql_quote_show_create",
                                                           "check_constraint_checks",
                                                           "max_statement_time",
                                                           "note_verbosity"};
  const std::string lower = lowerCase(name);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

// SELECT SETVAL(name, number[, number...]) and nothing else; the lexer is behind the word SELECT.
bool isSetval(SqlLexer& lexer, std::string& name) {
  if (!isKeyword(lexer.next(), "SETVAL") || !isSymbol(lexer.next(), '(')) return false;
  const SqlToken sequence = lexer.next();
  if (!isName(sequence)) return false;
  name = unquoted(sequence);
  SqlToken token = lexer.next();
  if (!isSymbol(token, ',')) return false;
  while (isSymbol(token, ',')) {
    token = lexer.next();
    if (isSymbol(token, '-')) token = lexer.next();
    if (token.kind != SqlTokenKind::kWord ||
        token.text.find_first_not_of("0123456789") != std::string_view::npos) {
      return false;
    }
    token = lexer.next();
  }
  return isSymbol(token, ')') && lexer.next().kind == SqlTokenKind::kEnd;
}

// Whether what follows the name in a CREATE TABLE, SEQUENCE or VIEW does more than define: takes rows from
// elsewhere, or writes files. The bodies of routines, triggers and events are not run by a restore.
bool doesMore(StatementKind kind, SqlLexer& lexer) {
  const bool view = kind == StatementKind::kCreateView;
  int depth = 0;
  SqlToken previous;
  for (SqlToken token = lexer.next(); token.kind != SqlTokenKind::kEnd; token = lexer.next()) {
    depth += isSymbol(token, '(') ? 1 : isSymbol(token, ')') ? -1 : 0;
    if (isKeyword(previous, "INTO") && (isKeyword(token, "OUTFILE") || isKeyword(token, "DUMPFILE")))
      return true;
    if (!view &&
        (isKeyword(token, "SELECT") || (depth == 0 && (isKeyword(token, "AS") || isKeyword(token, "LIKE") ||
                                                       isKeyword(token, "VALUES"))))) {
      return true;
    }
    previous = token;
  }
  return false;
}

// A function out of a library: CREATE FUNCTION name RETURNS STRING SONAME '...'. One of SQL has its
// parameters behind its name; the lexer is there.
bool isFromLibrary(SqlLexer& lexer) {
  return isKeyword(lexer.next(), "RETURNS");
}

// A table's files go where the server keeps its own, not where they once were.
std::string withoutDirectories(std::string_view text, bool backslash_escapes) {
  std::string out;
  std::size_t copied = 0;
  SqlLexer lexer(text);
  lexer.setBackslashEscapes(backslash_escapes);
  SqlToken token = lexer.next();
  while (token.kind != SqlTokenKind::kEnd) {
    const SqlToken first = token;
    token = lexer.next();
    if (!(isKeyword(first, "DATA") || isKeyword(first, "INDEX")) || !isKeyword(token, "DIRECTORY")) continue;
    token = lexer.next();
    if (isSymbol(token, '=')) token = lexer.next();
    if (token.kind != SqlTokenKind::kString) continue;
    out += text.substr(copied, first.offset - copied);
    copied = token.offset + token.text.size();
    token = lexer.next();
  }
  out += text.substr(copied);
  return out;
}

// Whether a client's character set writes no character with a byte that is a quote or a backslash elsewhere,
// as those of East Asia do: the lexer reads bytes.
bool isPlainCharacterSet(const SqlToken& value) {
  static constexpr std::array<std::string_view, 6> kNames{"utf8",   "latin", "ascii",
                                                          "binary", "cp125", "koi8"};
  if (value.kind != SqlTokenKind::kWord && value.kind != SqlTokenKind::kString) return false;
  const std::string name = lowerCase(unquoted(value));
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view begin) { return name.starts_with(begin); });
}

// word, `quoted name` or 'text'.
bool isVariableName(const SqlToken& token) {
  return isName(token) || token.kind == SqlTokenKind::kString;
}

// One plain value: text, a number, a word, @variable, @@variable. Nothing that computes: a function may do
// anything. `token` is its first token; afterwards the one behind it.
bool takePlainValue(SqlLexer& lexer, SqlToken& token) {
  if (isSymbol(token, '@')) {
    token = lexer.next();
    if (isSymbol(token, '@')) {
      token = lexer.next();
      if (isKeyword(token, "SESSION") || isKeyword(token, "LOCAL") || isKeyword(token, "GLOBAL")) {
        if (!isSymbol(lexer.next(), '.')) return false;
        token = lexer.next();
      }
    }
    if (!isVariableName(token)) return false;
    token = lexer.next();
    return true;
  }
  const bool sign = isSymbol(token, '-') || isSymbol(token, '+');
  if (sign) token = lexer.next();
  if (token.kind == SqlTokenKind::kString && !sign) {
    token = lexer.next();
    return true;
  }
  if (token.kind != SqlTokenKind::kWord) return false;
  const bool number = token.text[0] >= '0' && token.text[0] <= '9';
  if (sign && !number) return false;
  token = lexer.next();
  if (number && isSymbol(token, '.')) {
    token = lexer.next();
    if (token.kind != SqlTokenKind::kWord) return false;
    token = lexer.next();
  }
  return true;
}

// What a value of sql_mode says of backslashes; nullopt where only the server knows (a number, a variable,
// text that is itself escaped).
std::optional<bool> escapesInMode(const SqlToken& value) {
  if (value.kind != SqlTokenKind::kString || value.text.find('\\') != std::string_view::npos)
    return std::nullopt;
  return lowerCase(value.text).find("no_backslash_escapes") == std::string::npos;
}

// SET a = ..., @b = ..., @@session.c = ..., NAMES x: true only if every variable is one of the harmless ones
// and every value a plain one. escapes: what its sql_mode, if it has one, says of backslashes.
bool isHarmlessSet(SqlLexer& lexer, std::optional<bool>& escapes) {
  for (;;) {
    SqlToken token = lexer.next();
    bool names = false, mode = false, client = false;
    if (isKeyword(token, "SESSION") || isKeyword(token, "LOCAL")) token = lexer.next();
    if (isSymbol(token, '@')) {
      token = lexer.next();
      if (isSymbol(token, '@')) {
        token = lexer.next();
        if (isKeyword(token, "SESSION") || isKeyword(token, "LOCAL")) {
          if (!isSymbol(lexer.next(), '.')) return false;
          token = lexer.next();
        }
        if (!isSessionVariable(token.text)) return false;
        mode = isKeyword(token, "SQL_MODE");
        client = isKeyword(token, "CHARACTER_SET_CLIENT");
      } else if (!isVariableName(token)) {
        return false;
      }
    } else if (isKeyword(token, "NAMES")) {
      names = client = true;
    } else if (!isSessionVariable(token.text)) {
      return false;
    } else {
      mode = isKeyword(token, "SQL_MODE");
      client = isKeyword(token, "CHARACTER_SET_CLIENT");
    }
    token = lexer.next();
    if (!names) {
      if (isSymbol(token, ':')) token = lexer.next();
      if (!isSymbol(token, '=')) return false;
      token = lexer.next();
    }
    if (client && !isPlainCharacterSet(token)) return false;
    if (mode) {
      escapes = escapesInMode(token);
      if (!escapes) return false;
    }
    if (!takePlainValue(lexer, token)) return false;
    if (names && isKeyword(token, "COLLATE")) {
      token = lexer.next();
      if (!takePlainValue(lexer, token)) return false;
    }
    if (token.kind == SqlTokenKind::kEnd) return true;
    if (!isSymbol(token, ',')) return false;
  }
}

// Column attributes that a server hides from other servers: /*M!100301 COMPRESSED*/. As plain words, every
// server reads them as the lexer does, or refuses them.
std::string withPlainAttributes(std::string_view text, bool backslash_escapes) {
  static constexpr std::array<std::string_view, 2> kHidden{"/*M!100301 COMPRESSED*/",
                                                           "/*!100301 COMPRESSED*/"};
  std::string out;
  std::size_t copied = 0;
  SqlLexer lexer(text);
  lexer.setBackslashEscapes(backslash_escapes);
  for (SqlToken token = lexer.next(); token.kind != SqlTokenKind::kEnd; token = lexer.next()) {
    if (!isKeyword(token, "COMPRESSED")) continue;
    for (const std::string_view hidden : kHidden) {
      const std::size_t before = hidden.find("COMPRESSED");
      if (token.offset < copied + before || text.substr(token.offset - before, hidden.size()) != hidden)
        continue;
      out += text.substr(copied, token.offset - before - copied);
      out += " " + std::string(token.text) + " ";
      copied = token.offset - before + hidden.size();
      break;
    }
  }
  out += text.substr(copied);
  return out;
}

}  // namespace

Statement classifyStatement(std::string_view text, bool backslash_escapes) {
  Statement statement;
  statement.escapes = backslash_escapes;
  SqlLexer lexer(text);
  lexer.setBackslashEscapes(backslash_escapes);
  const SqlToken first = lexer.next();
  statement.text = text;
  if (isKeyword(first, "CREATE")) {
    classifyCreate(lexer, statement);
    const bool table = statement.kind == StatementKind::kCreateTable;
    const bool defines = table || statement.kind == StatementKind::kCreateSequence ||
                         statement.kind == StatementKind::kCreateView;
    if (defines) {
      if (table) {
        statement.text = withPlainAttributes(withoutDirectories(text, backslash_escapes), backslash_escapes);
      }
      SqlLexer whole(statement.text);
      whole.setBackslashEscapes(backslash_escapes);
      while (whole.next().kind != SqlTokenKind::kEnd) {
      }
      if (whole.doubtful() || doesMore(statement.kind, lexer)) statement.kind = StatementKind::kOther;
    } else if (statement.kind == StatementKind::kCreateRoutine && isFromLibrary(lexer)) {
      statement.kind = StatementKind::kOther;
    }
    // Of the others the body is not run; but that they are what they seem must be certain.
    if (lexer.doubtful() && statement.kind != StatementKind::kPreparation && !defines)
      statement.kind = StatementKind::kOther;
  } else if (isKeyword(first, "SET")) {
    std::optional<bool> escapes;
    if (isHarmlessSet(lexer, escapes) && !lexer.doubtful()) {
      statement.kind = StatementKind::kSetSession;
      statement.backslash_escapes = escapes;
    }
  } else if (isKeyword(first, "USE") || isKeyword(first, "DROP")) {
    statement.kind = StatementKind::kPreparation;
  } else if (isKeyword(first, "ALTER")) {
    const SqlToken object = lexer.next();
    if (isKeyword(object, "DATABASE") || isKeyword(object, "SCHEMA"))
      statement.kind = StatementKind::kPreparation;
  } else if (isKeyword(first, "SELECT")) {
    if (isSetval(lexer, statement.name) && !lexer.doubtful()) statement.kind = StatementKind::kSelectSetval;
  }
  return statement;
}

std::vector<Statement> splitScript(std::string_view script, const std::string& file, ScriptModes modes) {
  std::vector<Statement> statements;
  SqlLexer lexer(script);
  std::string delimiter = ";";
  lexer.setDelimiter(delimiter);
  bool backslash_escapes = true;
  std::size_t line = 1;
  std::size_t counted = 0;
  const auto lineOf = [&](std::size_t offset) {
    line += static_cast<std::size_t>(std::count(script.begin() + static_cast<std::ptrdiff_t>(counted),
                                                script.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted = offset;
    return line;
  };
  for (;;) {
    // Where the first token's line of code begins: a /*! in front of it belongs to the statement.
    const std::size_t before = lexer.position();
    SqlToken token = lexer.next();
    if (token.kind == SqlTokenKind::kEnd && !lexer.unterminated()) return statements;
    if (token.kind == SqlTokenKind::kDelimiter) continue;
    if (isKeyword(token, "DELIMITER")) {
      const std::string_view wanted = lexer.takeLine();
      if (wanted.empty() || wanted.size() > 16 || wanted.find_first_of("\\'\"`") != std::string_view::npos) {
        throw Error(ErrorCode::kCorrupt, file + ", line " + std::to_string(lineOf(token.offset)) +
                                             ": this DELIMITER cannot be used");
      }
      delimiter = wanted;
      lexer.setDelimiter(delimiter);
      continue;
    }
    const std::size_t start_line = lineOf(token.offset);
    std::size_t begin = token.offset;
    const std::size_t conditional = script.substr(before, token.offset - before).rfind("/*!");
    const std::size_t conditional_m = script.substr(before, token.offset - before).rfind("/*M!");
    for (const std::size_t opener : {conditional, conditional_m}) {
      if (opener == std::string_view::npos) continue;
      // Only an opener that directly precedes the token, not one inside an ordinary comment.
      const std::string_view between = script.substr(before + opener, token.offset - before - opener);
      if (between.find("*/") == std::string_view::npos && between.find('\n') == std::string_view::npos) {
        begin = before + opener;
      }
    }
    while (token.kind != SqlTokenKind::kEnd && token.kind != SqlTokenKind::kDelimiter) token = lexer.next();
    if (lexer.unterminated()) {
      throw Error(ErrorCode::kCorrupt, file + ": the statement in line " + std::to_string(start_line) +
                                           " has a quote or comment that does not end");
    }
    Statement statement = classifyStatement(script.substr(begin, token.offset - begin), backslash_escapes);
    statement.line = start_line;
    if (modes == ScriptModes::kRun && statement.backslash_escapes) {
      backslash_escapes = *statement.backslash_escapes;
      lexer.setBackslashEscapes(backslash_escapes);
    }
    statements.push_back(std::move(statement));
  }
}

}  // namespace enamel::mariadb
