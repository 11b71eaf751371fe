#include "mariadb/sql_lexer.h"

#include <algorithm>

namespace enamel::mariadb {
namespace {

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool isControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool isWordCharacter(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool isKeyword(const SqlToken& token, std::string_view upper_case) {
  return token.kind == SqlTokenKind::kWord && token.text.size() == upper_case.size() &&
         std::equal(token.text.begin(), token.text.end(), upper_case.begin(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

std::string unquoted(const SqlToken& token) {
  if (token.kind == SqlTokenKind::kWord || token.text.size() < 2) return std::string(token.text);
  const char quote = token.text[0];
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  std::string name;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    name += inner[i];
    if (inner[i] == quote && i + 1 < inner.size() && inner[i + 1] == quote) ++i;
  }
  return name;
}

bool isName(const SqlToken& token) {
  return token.kind == SqlTokenKind::kWord || token.kind == SqlTokenKind::kQuotedName;
}

bool isSymbol(const SqlToken& token, char c) {
  return token.kind == SqlTokenKind::kSymbol && token.text[0] == c;
}

std::string_view SqlLexer::takeLine() {
  const std::size_t end = std::min(sql_.find('\n', position_), sql_.size());
  std::string_view line = sql_.substr(position_, end - position_);
  position_ = std::min(end + 1, sql_.size());
  while (!line.empty() && isSpace(line.back())) line.remove_suffix(1);
  while (!line.empty() && isSpace(line.front())) line.remove_prefix(1);
  return line;
}

// Behind /*! or /*M! come five or six digits, or the version is none and the inside is code to every server.
// Every MariaDB is newer than 5.6; it passes over the versions of later MySQLs, and over its own future ones.
void SqlLexer::enterVersionComment() {
  doubtful_ = doubtful_ || at("/*M!");
  position_ = sql_.find('!', position_) + 1;
  in_version_comment_ = true;
  std::size_t digits = 0;
  while (digits < 6 && position_ + digits < sql_.size() && isDigit(sql_[position_ + digits])) ++digits;
  if (digits < 5) return;
  doubtful_ = doubtful_ || digits == 6 || sql_.substr(position_, digits) >= "50700";
  position_ += digits;
}

bool SqlLexer::skipComment() {
  // The server takes control characters for a space there.
  const bool dashes = at("--") && (position_ + 2 == sql_.size() || isSpace(sql_[position_ + 2]) ||
                                   isControl(sql_[position_ + 2]));
  if (dashes || at("#")) {
    position_ = std::min(sql_.find('\n', position_), sql_.size());
    return true;
  }
  // The end of a /*! whose inside was read as code. Elsewhere it is an asterisk, after which a comment may
  // begin: */* is not over before the next */.
  if (in_version_comment_ && at("*/")) {
    in_version_comment_ = false;
    position_ += 2;
    return true;
  }
  if (at("/*!") || at("/*M!")) {
    enterVersionComment();
    return true;
  }
  if (at("/*")) {
    const std::size_t end = sql_.find("*/", position_ + 2);
    unterminated_ = unterminated_ || end == std::string_view::npos;
    position_ = end == std::string_view::npos ? sql_.size() : end + 2;
    return true;
  }
  return false;
}

SqlToken SqlLexer::quoted(SqlTokenKind kind, char quote) {
  const std::size_t begin = position_++;
  const bool escapes = backslash_escapes_ && quote != '`';
  while (position_ < sql_.size()) {
    const char c = sql_[position_++];
    doubtful_ = doubtful_ || (c == '\\' && quote == '"');
    if (c == '\\' && escapes && position_ < sql_.size()) {
      ++position_;
    } else if (c == quote) {
      if (position_ >= sql_.size() || sql_[position_] != quote) {
        return {kind, sql_.substr(begin, position_ - begin), begin};
      }
      ++position_;  // doubled: the quote itself
    }
  }
  unterminated_ = true;
  return {kind, sql_.substr(begin), begin};
}

SqlToken SqlLexer::next() {
  while (position_ < sql_.size()) {
    const char c = sql_[position_];
    if (atDelimiter()) {
      position_ += delimiter_.size();
      return {SqlTokenKind::kDelimiter, delimiter_, position_ - delimiter_.size()};
    }
    if (isSpace(c)) {
      ++position_;
    } else if (skipComment()) {
      continue;
    } else if (c == '`') {
      return quoted(SqlTokenKind::kQuotedName, c);
    } else if (c == '\'' || c == '"') {
      return quoted(SqlTokenKind::kString, c);
    } else if (isWordCharacter(c)) {
      const std::size_t begin = position_;
      while (position_ < sql_.size() && isWordCharacter(sql_[position_]) && !atDelimiter()) ++position_;
      return {SqlTokenKind::kWord, sql_.substr(begin, position_ - begin), begin};
    } else {
      return {SqlTokenKind::kSymbol, sql_.substr(position_++, 1), position_ - 1};
    }
  }
  return {SqlTokenKind::kEnd, sql_.substr(sql_.size()), sql_.size()};
}

}  // namespace enamel::mariadb
