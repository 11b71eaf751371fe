// Statements of a snapshot's scripts, changed for where they are run.
#include "base/letter_case.h"
#include "mariadb/connection.h"
#include "mariadb/sql_lexer.h"
#include "mariadb/sql_script.h"

namespace enamel::mariadb {
namespace {

// A DEFINER comes among the first words.
constexpr int kClauseTokensMax = 24;

SqlLexer lexerOf(const Statement& statement) {
  SqlLexer lexer(statement.text);
  lexer.setBackslashEscapes(statement.escapes);
  return lexer;
}

// "text" is a name in sql_mode ANSI_QUOTES.
bool mayBeName(const SqlToken& token) {
  return isName(token) || (token.kind == SqlTokenKind::kString && token.text[0] == '"');
}

}  // namespace

std::string replaceSchema(const Statement& statement, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t copied = 0;
  const std::string_view text = statement.text;
  SqlLexer lexer = lexerOf(statement);
  SqlToken previous;
  SqlToken token = lexer.next();
  while (token.kind != SqlTokenKind::kEnd) {
    const SqlToken after = lexer.next();
    if (token.kind == SqlTokenKind::kQuotedName && isSymbol(after, '.') && !isSymbol(previous, '.') &&
        unquoted(token) == from) {
      out += text.substr(copied, token.offset - copied);
      out += quoteName(to);
      copied = token.offset + token.text.size();
    }
    previous = token;
    token = after;
  }
  out += text.substr(copied);
  return out;
}

bool mentionsSchema(const Statement& statement, std::string_view schema) {
  const std::string wanted = upperCase(schema);
  SqlLexer lexer = lexerOf(statement);
  SqlToken previous;
  SqlToken token = lexer.next();
  while (token.kind != SqlTokenKind::kEnd) {
    const SqlToken after = lexer.next();
    if (mayBeName(token) && isSymbol(after, '.') && !isSymbol(previous, '.') &&
        upperCase(unquoted(token)) == wanted) {
      return true;
    }
    previous = token;
    token = after;
  }
  return lexer.doubtful() || lexer.unterminated();
}

bool mentionsAny(const Statement& statement, const std::set<std::string>& names) {
  SqlLexer lexer = lexerOf(statement);
  for (SqlToken token = lexer.next(); token.kind != SqlTokenKind::kEnd; token = lexer.next()) {
    if (mayBeName(token) && names.count(upperCase(unquoted(token))) != 0) return true;
  }
  return false;
}

std::string withCreatedName(const Statement& statement, std::string_view name) {
  SqlLexer lexer(statement.text);
  for (SqlToken token = lexer.next(); token.kind != SqlTokenKind::kEnd; token = lexer.next()) {
    if (token.kind != SqlTokenKind::kQuotedName || unquoted(token) != statement.name) continue;
    return statement.text.substr(0, token.offset) + quoteName(name) +
           statement.text.substr(token.offset + token.text.size());
  }
  return statement.text;
}

// CREATE EVENT e ON SCHEDULE ... ON COMPLETION NOT PRESERVE ENABLE COMMENT '...' DO ...: a server that shows
// its events writes all of these.
std::string withEventDisabled(const Statement& statement) {
  const std::string_view text = statement.text;
  SqlLexer lexer = lexerOf(statement);
  int depth = 0;
  SqlToken state;
  bool schedule = false, ambiguous = false;
  SqlToken token = lexer.next();
  for (; token.kind != SqlTokenKind::kEnd; token = lexer.next()) {
    depth += isSymbol(token, '(') ? 1 : isSymbol(token, ')') ? -1 : 0;
    if (depth != 0) continue;
    schedule = schedule || isKeyword(token, "SCHEDULE");
    if (!schedule) continue;
    if (isKeyword(token, "DO")) break;
    if (!isKeyword(token, "ENABLE") && !isKeyword(token, "DISABLE")) continue;
    ambiguous = ambiguous || state.kind != SqlTokenKind::kEnd;
    state = token;
  }
  if (token.kind == SqlTokenKind::kEnd || lexer.doubtful() || ambiguous || state.kind == SqlTokenKind::kEnd) {
    return {};
  }
  return std::string(text.substr(0, state.offset)) + "DISABLE" +
         std::string(text.substr(state.offset + state.text.size()));
}

std::string withoutTriggerSchema(const Statement& statement) {
  const std::string_view text = statement.text;
  std::string out;
  std::size_t copied = 0;
  SqlLexer lexer = lexerOf(statement);
  bool header = false;
  SqlToken token = lexer.next();
  while (token.kind != SqlTokenKind::kEnd && !(header && isKeyword(token, "EACH"))) {
    const SqlToken after = lexer.next();
    header = header || isKeyword(token, "TRIGGER");
    if (header && isName(token) && isSymbol(after, '.')) {
      out += text.substr(copied, token.offset - copied);
      copied = after.offset + after.text.size();
    }
    token = after;
  }
  out += text.substr(copied);
  return out;
}

std::string withoutDefiner(std::string_view statement) {
  SqlLexer lexer(statement);
  SqlToken token = lexer.next();
  for (int i = 0; i < kClauseTokensMax && token.kind != SqlTokenKind::kEnd; ++i, token = lexer.next()) {
    if (!isKeyword(token, "DEFINER")) continue;
    const std::size_t begin = token.offset;
    if (!isSymbol(lexer.next(), '=')) break;
    lexer.next();  // the user
    std::size_t end = lexer.position();
    SqlToken after = lexer.next();
    if (isSymbol(after, '@')) {
      lexer.next();
      end = lexer.position();
    } else if (isSymbol(after, '(')) {  // CURRENT_USER()
      lexer.next();
      end = lexer.position();
    }
    return std::string(statement.substr(0, begin)) + std::string(statement.substr(end));
  }
  return std::string(statement);
}

}  // namespace enamel::mariadb
