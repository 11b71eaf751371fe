#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace enamel::mariadb {

enum class SqlTokenKind { kWord, kQuotedName, kString, kSymbol, kDelimiter, kEnd };

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::kEnd;
  std::string_view text;   // as written, with its quotes
  std::size_t offset = 0;  // of text in the script
};

// Cuts SQL into tokens as the mariadb client does, just well enough to see where statements end and what they
// begin with. Comments are skipped as a MariaDB server skips them, except that the inside of every /*! ... */
// counts as code: see doubtful(). Never throws: a quote or comment that does not end sets unterminated().
// Views into the script, which must outlive it.
class SqlLexer {
 public:
  explicit SqlLexer(std::string_view sql, std::size_t offset = 0) : sql_(sql), position_(offset) {}

  SqlToken next();

  // What ends a statement; empty: nothing does (the text is one statement).
  void setDelimiter(std::string_view delimiter) { delimiter_ = delimiter; }
  // sql_mode NO_BACKSLASH_ESCAPES: a backslash in a string is a backslash.
  void setBackslashEscapes(bool on) { backslash_escapes_ = on; }
  // The rest of the line at hand, which is left behind: for the client's own commands.
  std::string_view takeLine();

  std::size_t position() const { return position_; }
  bool unterminated() const { return unterminated_; }
  // Whether something was met that a server may read otherwise, so that the tokens may not be what it runs: a
  // comment whose inside is code to some servers only (/*M!, and /*! with a version from 5.7 on), or a
  // backslash in double quotes, which is an escape in a text and none in a name (sql_mode ANSI_QUOTES).
  bool doubtful() const { return doubtful_; }

 private:
  bool at(std::string_view text) const { return sql_.substr(position_).substr(0, text.size()) == text; }
  bool atDelimiter() const { return !delimiter_.empty() && at(delimiter_); }
  bool skipComment();
  void enterVersionComment();
  SqlToken quoted(SqlTokenKind kind, char quote);

  std::string_view sql_;
  std::size_t position_;
  std::string_view delimiter_;
  bool backslash_escapes_ = true;
  bool unterminated_ = false;
  bool in_version_comment_ = false;
  bool doubtful_ = false;
};

// Whether a word is the given keyword (upper case), whatever its case.
bool isKeyword(const SqlToken& token, std::string_view upper_case);
bool isSymbol(const SqlToken& token, char c);
// Whether it may be a name: a word or a quoted name.
bool isName(const SqlToken& token);
// The name, or the text, without its quotes.
std::string unquoted(const SqlToken& token);

}  // namespace enamel::mariadb
